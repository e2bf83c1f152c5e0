from __future__ import annotations

from django.urls import path

from .views import stories

one = "stories/<uuid:pk>/"

urlpatterns = [
    path("mentorships/<uuid:pk>/story/", stories.story_begin, name="story_begin"),
    path(one, stories.story_detail, name="story_detail"),
    path(f"{one}questions/<slug:question>/", stories.story_question, name="story_question"),
    path(f"{one}ask/", stories.story_ask, name="story_ask"),
    path(f"{one}agree/", stories.story_agree, name="story_agree"),
    path(f"{one}other-words/", stories.story_other_words, name="story_other_words"),
    path(f"{one}take-back/", stories.story_take_back, name="story_take_back"),
]

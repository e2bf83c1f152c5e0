"""Addresses of the role choice and the profile; `accounts.urls` takes them in."""

from django.urls import path

from .views import profiles

urlpatterns = [
    path("start/", profiles.StartView.as_view(), name="start"),
    path(
        "me/profile/<str:role>/",
        profiles.ProfileOverviewView.as_view(),
        name="profile_overview",
    ),
    path(
        "me/profile/<str:role>/check/",
        profiles.ProfileCheckView.as_view(),
        name="profile_check",
    ),
    path(
        "me/profile/<str:role>/<str:question>/",
        profiles.ProfileQuestionView.as_view(),
        name="profile_question",
    ),
]

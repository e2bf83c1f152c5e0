from django.urls import path

from .views import home, letters, people, profiles, programmes

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("desk/programmes/<slug:slug>/", programmes.programme_detail, name="programme_detail"),
    path("desk/search/", programmes.people_search, name="people_search"),
    path("desk/people/new/", people.person_new, name="person_new"),
    path("desk/people/<uuid:pk>/", people.person_detail, name="person_detail"),
    path("desk/people/<uuid:pk>/code/", people.person_code, name="person_code"),
    path("desk/people/<uuid:pk>/contact/", people.person_contact, name="person_contact"),
    path(
        "desk/people/<uuid:pk>/profile/<str:role>/",
        profiles.PersonProfileView.as_view(),
        name="profile_overview",
    ),
    path(
        "desk/people/<uuid:pk>/profile/<str:role>/check/",
        profiles.PersonCheckView.as_view(),
        name="profile_check",
    ),
    path(
        "desk/people/<uuid:pk>/profile/<str:role>/<str:question>/",
        profiles.PersonQuestionView.as_view(),
        name="profile_question",
    ),
    path("desk/letters/", letters.letter_list, name="letter_list"),
    path("desk/letters/<uuid:pk>/", letters.letter_detail, name="letter_detail"),
    path("desk/letters/<uuid:pk>/done/", letters.letter_done, name="letter_done"),
]

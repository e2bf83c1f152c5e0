from __future__ import annotations

from django.urls import path

from .views import checkins, meetings, mentorships, pair_staff

one = "mentorships/<uuid:pk>/"

urlpatterns = [
    path("mentorships/", mentorships.mentorship_list, name="mentorship_list"),
    path(one, mentorships.mentorship_detail, name="mentorship_detail"),
    path(f"{one}messages/", mentorships.message_send, name="message_send"),
    path(f"{one}messages/read/", mentorships.messages_read, name="messages_read"),
    path(f"{one}meetings/", meetings.meeting_plan, name="meeting_plan"),
    path(f"{one}meetings/<uuid:meeting_pk>/", meetings.meeting_record, name="meeting_record"),
    path(f"{one}in-touch/", mentorships.mentorship_in_touch, name="mentorship_in_touch"),
    path(f"{one}pause/", mentorships.mentorship_pause, name="mentorship_pause"),
    path(f"{one}stop/", mentorships.mentorship_stop, name="mentorship_stop"),
    path(f"{one}staff/", pair_staff.mentorship_staff, name="mentorship_staff"),
    path(f"{one}contact/", pair_staff.mentorship_contact, name="mentorship_contact"),
    path("check-ins/<uuid:pk>/", checkins.check_in_detail, name="check_in_detail"),
    path("check-ins/<uuid:pk>/thanks/", checkins.check_in_thanks, name="check_in_thanks"),
    path("check-ins/answer/<str:token>/", checkins.check_in_answer, name="check_in_answer"),
]

from __future__ import annotations

from django.urls import path

from .views import briefing, participants, programmes

question = "programmes/<slug:slug>/briefing/questions/<int:number>/"
person = "programmes/<slug:slug>/people/<uuid:pk>/"

urlpatterns = [
    path("programmes/", programmes.programme_choose, name="programme_choose"),
    path("programmes/new/", programmes.programme_create, name="programme_create"),
    path("programmes/<slug:slug>/join/", programmes.programme_join, name="programme_join"),
    path(
        "programmes/<slug:slug>/briefing/", briefing.programme_briefing, name="programme_briefing"
    ),
    path(question, briefing.briefing_question, name="briefing_question"),
    path(f"{question}reasons/", briefing.briefing_reasons, name="briefing_reasons"),
    path("programmes/<slug:slug>/briefing/ready/", briefing.briefing_ready, name="briefing_ready"),
    path(
        "programmes/<slug:slug>/settings/", programmes.programme_settings, name="programme_settings"
    ),
    path("programmes/<slug:slug>/open/", programmes.programme_open, name="programme_open"),
    path("programmes/<slug:slug>/close/", programmes.programme_close, name="programme_close"),
    path("programmes/<slug:slug>/people/", participants.participant_list, name="participant_list"),
    path(f"{person}next/", participants.participant_next, name="participant_next"),
    path(f"{person}withdraw/", participants.participant_withdraw, name="participant_withdraw"),
    path(f"{person}speak/", participants.participant_speak, name="participant_speak"),
    path(f"{person}admit/", participants.participant_admit, name="participant_admit"),
    path(f"{person}not-now/", participants.participant_not_now, name="participant_not_now"),
    path(f"{person}return/", participants.participant_return, name="participant_return"),
    path(f"{person}enrol/", participants.participant_enrol_again, name="participant_enrol_again"),
    path(
        f"{person}certificate/",
        participants.participant_certificate,
        name="participant_certificate",
    ),
    path(f"{person}brief/", participants.participant_brief, name="participant_brief"),
]

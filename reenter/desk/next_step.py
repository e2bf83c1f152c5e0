"""The one thing that a participant can do next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Profile
from matching.models import Offer
from mentoring.models import Mentorship, Participant, Programme


@dataclass(frozen=True)
class Step:
    """`code` names the case; the page names the facilitator of `programme` to call."""

    code: str
    title: str
    text: str
    url: str = ""
    label: str = ""
    participant: Participant | None = None
    programme: Programme | None = None


Wanted = tuple[Programme, str] | None


@dataclass
class Own:
    """What a person has going on; read once."""

    user: Any
    wanted: Wanted
    profiles: list[Profile]
    enrolments: list[Participant]
    offers: list[Offer]
    mentorships: list[Mentorship]


def read_own(user: Any, wanted: Wanted = None) -> Own:
    """Four queries, whatever the person has."""
    related = ("programme__contact", "programme__organisation")
    half = Q(mentee__user=user) | Q(mentor__user=user)
    return Own(
        user=user,
        wanted=wanted,
        profiles=list(Profile.objects.filter(user=user)),
        enrolments=list(
            Participant.objects.filter(user=user).enrolled().select_related(*related, "user")
        ),
        offers=list(Offer.objects.open().filter(half).select_related("mentee", "mentor", *related)),
        mentorships=list(
            Mentorship.objects.filter(half)
            .exclude(state=Mentorship.State.ENDED)
            .select_related("mentee__user", "mentor__user", *related)
        ),
    )


def steps(own: Own) -> list[Step]:
    """Everything that is open for this person; the first is the next step."""
    found: list[Step] = []
    for look in LOOKS:
        found += look(own)
    return found or [_start()]


def _offers(own: Own) -> list[Step]:
    return [
        Step(
            "offer",
            _("We have found a match for you"),
            _("Read what you have in common. Then say yes or no."),
            reverse("matching:offer_detail", args=[offer.pk]),
            _("See the match"),
            programme=offer.programme,
        )
        for offer in own.offers
        if not _my_answer(own, offer)
    ]


def _my_answer(own: Own, offer: Offer) -> str:
    mentee = offer.mentee.user_id == own.user.pk
    return offer.mentee_answer if mentee else offer.mentor_answer


def _mentorships(own: Own) -> list[Step]:
    return [
        Step(
            "mentorship",
            _("You and %s") % mentorship.other_of(own.user).user.first_name,
            _("See what comes next, plan a meeting or write a message."),
            reverse("mentoring:mentorship_detail", args=[mentorship.pk]),
            _("To my mentorship"),
            programme=mentorship.programme,
        )
        for mentorship in own.mentorships
    ]


def _unfinished(own: Own) -> list[Step]:
    return [
        Step(
            "profile",
            _("Finish your profile"),
            _("Your answers are saved. Go on where you stopped."),
            reverse("accounts:profile_overview", args=[profile.role]),
            _("Go on with my profile"),
        )
        for profile in own.profiles
        if profile.completed_at is None
    ]


def _to_join(own: Own) -> list[Step]:
    if own.wanted:
        programme, _role = own.wanted
        return [
            Step(
                "join",
                _("Join %s") % programme.name,
                _("One click, and your facilitator gets your application."),
                reverse("mentoring:programme_join", args=[programme.slug]),
                _("Go to the programme"),
            )
        ]
    roles = {enrolment.role for enrolment in own.enrolments}
    if any(profile.completed_at and profile.role not in roles for profile in own.profiles):
        return [
            Step(
                "join",
                _("Choose a programme"),
                _("Your profile is ready. Join a programme and we look for your match."),
                reverse("mentoring:programme_choose"),
                _("See the programmes"),
            )
        ]
    return []


def _briefings(own: Own) -> list[Step]:
    return [
        Step(
            "briefing",
            _("Read the briefing"),
            _("Read, and answer a few short questions. After that we can match you."),
            reverse("mentoring:programme_briefing", args=[enrolment.programme.slug]),
            _("Read the briefing"),
            participant=enrolment,
            programme=enrolment.programme,
        )
        for enrolment in own.enrolments
        if enrolment.briefed_at is None and enrolment.state != Participant.State.NOT_NOW
    ]


def _waiting(own: Own) -> list[Step]:
    answered = _halves(offer for offer in own.offers if _my_answer(own, offer))
    asked = _halves(offer for offer in own.offers if not _my_answer(own, offer))
    paired = _halves(own.mentorships)
    return [
        _wait(enrolment, enrolment.pk in answered)
        for enrolment in own.enrolments
        if enrolment.pk not in asked | paired
    ]


def _halves(pairs: Iterable[Offer | Mentorship]) -> set[UUID]:
    return {pk for pair in pairs for pk in (pair.mentee_id, pair.mentor_id)}


def _wait(enrolment: Participant, answered: bool) -> Step:
    where = reverse("mentoring:participant_next", args=[enrolment.programme.slug, enrolment.pk])
    if enrolment.state == Participant.State.NOT_NOW:
        title, text = _("Not now"), _("You are not in the coming rounds. Call us to talk about it.")
    elif answered:
        title = _("You said yes")
        text = _("Now we wait for the other person. You hear from us within ten days.")
    elif enrolment.state == Participant.State.APPLIED:
        title, text = _("We call you"), _("Within 14 days we call you to get to know you.")
    else:
        title, text = _("We look for your match"), _("You hear from us after each round.")
    return Step(
        "waiting", title, text, where, _("What happens next"), enrolment, enrolment.programme
    )


def _start() -> Step:
    return Step(
        "start",
        _("How do you want to take part?"),
        _("Find a mentor for your plan, or help somebody as a mentor."),
        reverse("accounts:start"),
        _("Choose"),
    )


LOOKS: list[Callable[[Own], list[Step]]] = [
    _offers,
    _mentorships,
    _unfinished,
    _to_join,
    _briefings,
    _waiting,
]

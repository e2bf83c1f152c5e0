"""What the keys and codes of one's own export mean, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import Profile
from reenter.common.readable import Words

from .models import CheckIn, Mentorship, Participant, StaffContact

_ROLES = dict(Profile.Role.choices)

PROGRAMMES = Words(
    title=_("My programmes"),
    labels={
        "programme": _("Programme"),
        "role": _("Takes part as"),
        "state": _("State"),
        "joined_at": _("Joined on"),
        "state_changed_at": _("State since"),
        "briefed_at": _("Briefing on"),
        "briefed_how": _("How the briefing went"),
        "code_of_conduct": _("Code of conduct, version"),
        "certificate_seen_on": _("Certificate of conduct seen on"),
        "number_in_an_imported_list": _("Number in an imported list"),
        "talks_with_staff": _("Talks with staff"),
        "at": _("Day"),
        "how": _("How"),
        "note": _("Note"),
    },
    codes={
        "role": _ROLES,
        "state": dict(Participant.State.choices),
        "briefed_how": dict(Participant.Briefing.choices),
        "talks_with_staff.how": dict(StaffContact.How.choices),
    },
)

MENTORSHIPS = Words(
    title=_("My mentorships"),
    labels={
        "mentorships": _("Mentorships"),
        "meetings": _("Meetings"),
        "messages_i_wrote": _("Messages that I wrote"),
        "check_ins": _("Check-ins"),
        "programme": _("Programme"),
        "my_role": _("Takes part as"),
        "kind": _("Kind"),
        "state": _("State"),
        "started_at": _("Began"),
        "ends_on": _("Until"),
        "ended_at": _("Ended"),
        "starts_at": _("Day"),
        "took_place": _("Took place"),
        "written_at": _("Written on"),
        "text": _("Text"),
        "due_at": _("Day"),
        "answered_at": _("Answered on"),
        "fit": _("How you fit"),
        "satisfaction": _("How content, 1 to 5"),
        "comment": _("Comment"),
    },
    codes={
        "mentorships.my_role": _ROLES,
        "mentorships.kind": dict(Mentorship.Kind.choices),
        "mentorships.state": dict(Mentorship.State.choices),
        "check_ins.kind": dict(CheckIn.Kind.choices),
        "check_ins.state": dict(CheckIn.State.choices),
        "check_ins.fit": dict(CheckIn.Fit.choices),
    },
)

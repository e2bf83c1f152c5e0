"""What the keys and codes of one's own export mean, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import Profile
from handbook.stories import Story
from reenter.common.readable import Words

from .models import CheckIn, Mentorship, Participant, StaffContact, StoryConsent

_STORY_STATES = dict(Story.State.choices)
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

STORIES = Words(
    title=_("Stories of pairs"),
    labels={
        "stories": _("Stories"),
        "consents": _("My yes to a story"),
        "wanted": _("What they wanted"),
        "did": _("What they did together"),
        "result": _("What came of it"),
        "tip": _("Their tip for others"),
        "state": _("State"),
        "told_by_me": _("Told by me"),
        "begun_at": _("Begun on"),
        "published_at": _("On the site since"),
        "name": _("Under the name"),
        "words": _("The words, as a code"),
        "text": _("Text"),
        "version": _("Version"),
        "how": _("How"),
        "given_at": _("Given on"),
        "withdrawn_at": _("Taken back on"),
    },
    codes={
        "stories.state": _STORY_STATES,
        "consents.how": dict(StoryConsent._meta.get_field("how").choices or []),
    },
)

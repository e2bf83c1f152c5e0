"""What the keys and codes of one's own export mean, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import Profile
from reenter.common.readable import Words

from .models import Offer

WORDS = Words(
    title=_("Matching"),
    labels={
        "offers": _("Matches we proposed to me"),
        "rounds": _("Rounds"),
        "programme": _("Programme"),
        "my_role": _("Takes part as"),
        "role": _("Takes part as"),
        "with": _("With"),
        "opened_at": _("Proposed on"),
        "state": _("State"),
        "my_answer": _("My answer"),
        "my_answer_at": _("Answered on"),
        "my_reason": _("My reason"),
        "round": _("Round"),
        "took_part": _("Took part"),
    },
    codes={
        "offers.my_role": dict(Profile.Role.choices),
        "offers.state": {**dict(Offer.State.choices), "ended": _("Ended")},
        "offers.my_answer": dict(Offer.Answer.choices),
        "offers.my_reason": dict(Offer.DeclineReason.choices),
        "rounds.role": dict(Profile.Role.choices),
    },
)

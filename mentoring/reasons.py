"""Coded reasons in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

# Why somebody does not enter the coming rounds.
NOT_NOW_REASONS = {
    "no_time": _("Has no time now"),
    "not_ready": _("The plan is not ready for a mentor yet"),
    "other_help": _("Other help fits better now"),
    "not_reached": _("We could not reach this person"),
    "not_suitable": _("Does not fit this programme"),
    "other": _("Another reason"),
}

# Why somebody cannot enter a round today; codes of `why_not_matchable`.
NOT_READY_REASONS = {
    "programme_closed": _("The programme is closed"),
    "withdrawn": _("Withdrew from the programme"),
    "not_now": _("Is set to “not now”"),
    "not_admitted": _("Is not admitted yet"),
    "not_waiting": _("Has a match, or does not wait for one"),
    "not_briefed": _("Has not had the briefing"),
    "no_legal_basis": _("Has no legal basis on record"),
    "no_certificate": _("The certificate of conduct was not seen"),
}

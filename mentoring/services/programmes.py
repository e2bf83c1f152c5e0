"""Changes to a programme: make one, set it up, open it, close it."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import MOST_PLACES, Organisation
from reenter.common import audit

from ..errors import Refused
from ..models import Programme

State = Programme.State

TRANSITIONS: dict[str, set[str]] = {
    State.DRAFT: {State.OPEN},
    State.OPEN: {State.CLOSED},
    State.CLOSED: {State.OPEN},
}

SETTINGS = (
    "name",
    "intro",
    "starts_on",
    "ends_on",
    "contact",
    "safeguarding_person",
    "safeguarding_deputy",
    "certificate_required",
    "exclude_competitors",
    "floor_first",
    "lower_quota",
    "rhythm_days",
    "check_in_days",
)
PEOPLE = ("contact", "safeguarding_person", "safeguarding_deputy")


def programme_create(
    *, actor: Any, organisation: Organisation, name: str, slug: str = "", **settings: Any
) -> Programme:
    """Make a programme in preparation; `settings` are those of `programme_change`.

    Without a slug one is made from the name. Raises Refused when the slug is taken.
    """
    wanted = slug or _free_slug(name)
    try:
        with transaction.atomic():
            programme = Programme.objects.create(organisation=organisation, name=name, slug=wanted)
            audit.record(actor=actor, action="programme_create", target=programme)
            _apply(programme, settings)
    except IntegrityError as error:
        raise Refused(_("This address is taken. Choose another one.")) from error
    return programme


@transaction.atomic
def programme_change(*, actor: Any, programme: Programme, **settings: Any) -> Programme:
    """Set any of `SETTINGS`. Raises Refused for people from outside, one person twice, or a lower
    quota above the places of a mentor.
    """
    changed = _apply(programme, settings)
    audit.record(actor=actor, action="programme_change", target=programme, fields=changed)
    return programme


@transaction.atomic
def programme_open(*, actor: Any, programme: Programme) -> Programme:
    """Let people join. Raises Refused without both safeguarding people."""
    programme = _locked(programme)
    if not (programme.safeguarding_person_id and programme.safeguarding_deputy_id):
        raise Refused(
            _(
                "Name a safeguarding person and a deputy first. "
                "Without both names no programme opens."
            )
        )
    return _move(actor, programme, State.OPEN)


@transaction.atomic
def programme_close(*, actor: Any, programme: Programme) -> Programme:
    """Nobody joins any more; pairs under way go on."""
    return _move(actor, _locked(programme), State.CLOSED)


def _locked(programme: Programme) -> Programme:
    return Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)


def _move(actor: Any, programme: Programme, to: str) -> Programme:
    if programme.state == to:
        return programme
    if to not in TRANSITIONS[programme.state]:
        raise Refused(
            _("That cannot be done now. The programme is: %(state)s.")
            % {"state": programme.get_state_display().lower()}
        )
    programme.state = to
    programme.save(update_fields=["state"])
    audit.record(actor=actor, action=f"programme_{to}", target=programme)
    return programme


def _apply(programme: Programme, settings: dict[str, Any]) -> list[str]:
    unknown = set(settings) - set(SETTINGS)
    if unknown:
        raise ValueError(f"No settings of a programme: {sorted(unknown)}")
    changed = [name for name, value in settings.items() if getattr(programme, name) != value]
    for name in changed:
        setattr(programme, name, settings[name])
    _check_people(programme)
    _check_dates(programme)
    _check_quota(programme)
    if changed:
        programme.save(update_fields=changed)
    return sorted(changed)


def _check_people(programme: Programme) -> None:
    staff = set(programme.organisation.memberships.values_list("user_id", flat=True))
    named = {getattr(programme, f"{role}_id") for role in PEOPLE} - {None}
    if named - staff:
        raise Refused(_("Choose people who work for %s.") % programme.organisation)
    person, deputy = programme.safeguarding_person_id, programme.safeguarding_deputy_id
    if person and person == deputy:
        raise Refused(_("The safeguarding person and the deputy must be two people."))
    if programme.state == State.OPEN and not (person and deputy):
        raise Refused(_("This programme is open. It needs a safeguarding person and a deputy."))


def _check_dates(programme: Programme) -> None:
    if programme.starts_on and programme.ends_on and programme.ends_on < programme.starts_on:
        raise Refused(_("The end lies before the start. Change one of the two dates."))


def _check_quota(programme: Programme) -> None:
    if not 0 <= programme.lower_quota <= MOST_PLACES:
        raise Refused(_("Choose from 0 to %(most)d mentees per mentor.") % {"most": MOST_PLACES})


def _free_slug(name: str) -> str:
    base = slugify(name)[:50] or "programme"
    taken = set(Programme.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(f"{base}-{n}" for n in range(2, len(taken) + 3) if f"{base}-{n}" not in taken)

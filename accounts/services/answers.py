"""How the answer to each question is written on a profile. Only `services.profiles` calls these.

Each writer checks what it gets, because imports and staff pages come here too, and raises
ValidationError with the form's field as key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..availability import SLOT_CODES
from ..forms.profiles import MAX_GOALS, MAX_TOPICS
from ..forms.terms import too_many
from ..languages import CODES
from ..models import Profile, ProfileTerm, Term, TermGroup

Kind = TermGroup.Kind
PLACE_FIELDS = ("place_name", "latitude", "longitude", "travel_km")


def write_languages(profile: Profile, data: dict[str, Any]) -> None:
    _refuse_unknown("languages", data["languages"], CODES)
    if not data["languages"]:
        raise ValidationError({"languages": _("Tick at least one language.")})
    _store(profile, languages=list(data["languages"]))


def write_place(profile: Profile, data: dict[str, Any]) -> None:
    """`place_name`, `latitude`, `longitude` and `travel_km` may be left out: they stay."""
    if not data["meeting"]:
        raise ValidationError({"meeting": _("Choose how you want to meet.")})
    _store(profile, meeting=data["meeting"], **{k: data[k] for k in PLACE_FIELDS if k in data})


def write_pitch(profile: Profile, data: dict[str, Any]) -> None:
    _store(profile, **{name: data[name] for name in ("pitch", "phase") if name in data})


def write_goals(profile: Profile, data: dict[str, Any]) -> None:
    """`terms`: codes, the most important first."""
    codes = list(data["terms"])
    if len(codes) > MAX_GOALS:
        raise ValidationError({"terms": too_many(len(codes), MAX_GOALS)})
    ranks = {code: {"rank": place} for place, code in enumerate(codes, start=1)}
    _store_terms(profile, Kind.TOPIC, ranks)


def write_topics(profile: Profile, data: dict[str, Any]) -> None:
    """`terms`: level (1 to 3) by code."""
    levels = dict(data["terms"])
    if len(levels) > MAX_TOPICS:
        raise ValidationError({"terms": too_many(len(levels), MAX_TOPICS)})
    if not set(levels.values()) <= {1, 2, 3}:
        raise ValidationError({"terms": _("Choose how well you know this.")})
    _store_terms(profile, Kind.TOPIC, {code: {"level": level} for code, level in levels.items()})


def _plain_terms(kind: str) -> Callable[[Profile, dict[str, Any]], None]:
    def write(profile: Profile, data: dict[str, Any]) -> None:
        _store_terms(profile, kind, {code: {} for code in data["terms"]})

    return write


def write_time(profile: Profile, data: dict[str, Any]) -> None:
    _refuse_unknown("availability", data["availability"], SLOT_CODES)
    _store(profile, availability=list(data["availability"]))


def write_exchange(profile: Profile, data: dict[str, Any]) -> None:
    _store(profile, exchange=data["exchange"])


WRITERS: dict[str, Callable[[Profile, dict[str, Any]], None]] = {
    "languages": write_languages,
    "place": write_place,
    "idea": write_pitch,
    "business": write_pitch,
    "goals": write_goals,
    "topics": write_topics,
    "themes": _plain_terms(Kind.THEME),
    "sector": _plain_terms(Kind.SECTOR),
    "bonds": _plain_terms(Kind.BOND),
    "time": write_time,
    "exchange": write_exchange,
}

EMPTY: dict[str, dict[str, Any]] = {
    "themes": {"terms": []},
    "sector": {"terms": []},
    "bonds": {"terms": []},
    "time": {"availability": []},
    "exchange": {"exchange": ""},
}


def _refuse_unknown(field: str, values: Iterable[str], known: Iterable[str]) -> None:
    if not set(values) <= set(known):
        raise ValidationError({field: _("Choose from the list.")})


def _store(profile: Profile, **values: Any) -> None:
    for name, value in values.items():
        setattr(profile, name, value)
    told = {name for name, value in values.items() if value not in (None, "", [])}
    profile.clean_fields({f.name for f in profile._meta.concrete_fields if f.name not in told})
    profile.save(update_fields=list(values))


def _store_terms(profile: Profile, kind: str, chosen: dict[str, dict[str, int]]) -> None:
    """Make the profile hold exactly these terms of a kind, each with its rank or level."""
    terms = {term.code: term for term in Term.objects.of_kind(kind).filter(code__in=chosen)}
    held = set(profile.chosen.values_list("term_id", flat=True))
    usable = {code for code, term in terms.items() if term.is_active or term.pk in held}
    _refuse_unknown("terms", chosen, usable)
    profile.chosen.filter(term__group__kind=kind).exclude(term__in=terms.values()).delete()
    rows = [
        ProfileTerm(profile=profile, term=terms[code], **numbers)
        for code, numbers in chosen.items()
    ]
    ProfileTerm.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["profile", "term"],
        update_fields=["rank", "level"],
    )
    profile.__dict__.pop("_prefetched_objects_cache", None)

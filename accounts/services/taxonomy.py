"""Loading the topics, themes, bonds and sectors that ship with the code."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from reenter.common import audit

from ..models import Term, TermGroup, TopicRelation

FILE = Path(__file__).resolve().parent.parent / "data" / "taxonomy.json"
GROUP_FIELDS = ("kind", "labels")
TERM_FIELDS = ("labels", "sentences", "shown_first")


@dataclass
class TaxonomyReport:
    """What a load did: codes added by type, and where the database says something else."""

    added: dict[str, list[str]] = field(
        default_factory=lambda: {"groups": [], "terms": [], "relations": []}
    )
    different: list[str] = field(default_factory=list)


@transaction.atomic
def taxonomy_load(*, actor: Any = None, path: Path = FILE) -> TaxonomyReport:
    """Add what is in the file and not in the database; never change or remove a row.

    Admins own what is there: a difference is reported, not overwritten. Safe to repeat; a fixed
    number of queries when nothing is new.
    """
    content = json.loads(path.read_text(encoding="utf-8"))
    report = TaxonomyReport()
    groups = _load_groups(content["groups"], report)
    terms = _load_terms(content["groups"], groups, report)
    _load_relations(content["relations"], terms, report)
    for code in report.added["groups"]:
        audit.record(actor=actor, action="taxonomy_load", target=groups[code])
    return report


def _load_groups(entries: list[dict[str, Any]], report: TaxonomyReport) -> dict[str, TermGroup]:
    known = {group.code: group for group in TermGroup.objects.all()}
    for position, entry in enumerate(entries):
        group = known.get(entry["code"])
        if group:
            _compare(group, entry, GROUP_FIELDS, report)
            continue
        values = {name: entry[name] for name in GROUP_FIELDS}
        known[entry["code"]] = TermGroup(code=entry["code"], position=position, **values)
        report.added["groups"].append(entry["code"])
    TermGroup.objects.bulk_create([known[code] for code in report.added["groups"]])
    return known


def _load_terms(
    entries: list[dict[str, Any]], groups: dict[str, TermGroup], report: TaxonomyReport
) -> dict[str, Term]:
    known = {term.code: term for term in Term.objects.all()}
    for group in entries:
        for position, entry in enumerate(group["terms"]):
            term = known.get(entry["code"])
            if term:
                _compare(term, entry, TERM_FIELDS, report)
                continue
            values = {name: entry[name] for name in (*TERM_FIELDS, "source") if name in entry}
            known[entry["code"]] = Term(
                group=groups[group["code"]], code=entry["code"], position=position, **values
            )
            report.added["terms"].append(entry["code"])
    Term.objects.bulk_create([known[code] for code in report.added["terms"]])
    return known


def _load_relations(
    entries: list[dict[str, Any]], terms: dict[str, Term], report: TaxonomyReport
) -> None:
    rows = TopicRelation.objects.select_related("a", "b")
    known = {frozenset((row.a.code, row.b.code)): row for row in rows}
    fresh = []
    for entry in entries:
        pair = frozenset((entry["a"], entry["b"]))
        name = "/".join(sorted(pair))
        row = known.get(pair)
        if row is None:
            a, b = sorted((terms[code] for code in pair), key=lambda term: str(term.pk))
            fresh.append(TopicRelation(a=a, b=b, strength=entry["strength"]))
            report.added["relations"].append(name)
        elif row.strength != entry["strength"]:
            report.different.append(f"relation {name}: strength")
    TopicRelation.objects.bulk_create(fresh)


def _compare(
    row: TermGroup | Term, entry: dict[str, Any], names: tuple[str, ...], report: TaxonomyReport
) -> None:
    for name in names:
        if name in entry and getattr(row, name) != entry[name]:
            report.different.append(f"{row._meta.model_name} {row.code}: {name}")

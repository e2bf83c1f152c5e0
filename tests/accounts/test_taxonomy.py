"""Loading the taxonomy: adds, never overwrites, tells what differs."""

import json

import pytest
from django.core.management import call_command

from accounts.models import Term, TermGroup, TopicRelation
from accounts.services.taxonomy import FILE, taxonomy_load
from reenter.common.models import AuditEntry

pytestmark = pytest.mark.django_db


def counts():
    return [model.objects.count() for model in (TermGroup, Term, TopicRelation)]


def test_everything_in_the_file_is_loaded_and_twice_adds_nothing():
    content = json.loads(FILE.read_text())
    report = taxonomy_load()
    expected = [
        len(content["groups"]),
        sum(len(group["terms"]) for group in content["groups"]),
        len(content["relations"]),
    ]
    assert counts() == expected
    assert [len(codes) for codes in report.added.values()] == expected
    again = taxonomy_load()
    assert counts() == expected
    assert not any(again.added.values())
    assert again.different == []
    assert AuditEntry.objects.filter(action="taxonomy_load").count() == expected[0]


def test_the_order_of_the_file_is_kept_and_twelve_stand_first():
    content = json.loads(FILE.read_text())
    taxonomy_load()
    codes = [t["code"] for g in content["groups"] if g["kind"] == "topic" for t in g["terms"]]
    topics = Term.objects.of_kind("topic")
    assert [term.code for term in topics] == codes
    assert topics.filter(shown_first=True).count() == 12


def test_what_an_admin_edited_stays_and_is_reported():
    taxonomy_load()
    Term.objects.filter(code="pricing").update(labels={"nl": "Mijn prijs", "en": "My price"})
    TermGroup.objects.filter(code="ideas").update(labels={"nl": "A", "en": "B"})
    relation = TopicRelation.objects.get(
        a__code__in=["bookkeeping", "tax-vat"], b__code__in=["bookkeeping", "tax-vat"]
    )
    TopicRelation.objects.filter(pk=relation.pk).update(strength=0.9)
    Term.objects.filter(code="hiring").update(is_active=False)
    Term.objects.get(code="contracts").delete()
    report = taxonomy_load()
    assert Term.objects.get(code="pricing").labels["en"] == "My price"
    assert Term.objects.get(code="hiring").is_active is False
    assert report.added["terms"] == ["contracts"]
    assert sorted(report.different) == sorted(
        [
            "term pricing: labels",
            "termgroup ideas: labels",
            "relation bookkeeping/tax-vat: strength",
        ]
    )


def test_loading_again_takes_a_fixed_number_of_queries(django_assert_num_queries):
    taxonomy_load()
    with django_assert_num_queries(5):  # three reads inside a savepoint
        taxonomy_load()


def test_the_command_says_what_it_did(capsys):
    call_command("load_taxonomy")
    Term.objects.filter(code="pricing").update(labels={"nl": "Mijn prijs"})
    call_command("load_taxonomy")
    lines = capsys.readouterr().out.splitlines()
    assert "terms: 0 added" in lines
    assert "kept as it is here: term pricing: labels" in lines


def test_a_relation_counts_both_ways():
    taxonomy_load()
    for relation in TopicRelation.objects.all():
        assert str(relation.a_id) < str(relation.b_id)

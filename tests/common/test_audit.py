import pytest
from django.db import transaction

from reenter.common import audit
from reenter.common.models import AuditEntry


def test_writes_who_did_what_to_which_row(mentee, facilitator):
    with transaction.atomic():
        audit.record(
            actor=facilitator, action="tested", target=mentee, on_behalf_of=mentee, count=3
        )
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.on_behalf_of, entry.action) == (facilitator, mentee, "tested")
    assert (entry.target_type, entry.target_id) == ("accounts.user", str(mentee.pk))
    assert entry.data == {"count": 3}


@pytest.mark.django_db(transaction=True)
def test_refuses_to_stand_outside_the_transaction_of_the_change(mentee):
    with pytest.raises(RuntimeError, match="inside the transaction"):
        audit.record(actor=None, action="tested", target=mentee)
    assert not AuditEntry.objects.exists()


def test_outlives_the_person_who_acted(mentee, facilitator):
    with transaction.atomic():
        audit.record(actor=facilitator, action="tested", target=mentee)
    facilitator.memberships.all().delete()
    facilitator.programmes_contact = None
    AuditEntry.objects.update(actor=facilitator)
    facilitator.delete()
    assert AuditEntry.objects.get().actor is None

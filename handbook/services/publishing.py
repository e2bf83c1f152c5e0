"""Pages that go on or off the site at the moment that an editor chose."""

from __future__ import annotations

from django.db import transaction
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import Page, Revision

from reenter.common import clock
from reenter.common.schedule import each_minute


@each_minute("handbook_pages_publish")
def due_pages_publish() -> int:
    """Take pages off the site that expired, publish versions that are due; how many it did.

    What Wagtail's `publish_scheduled` does, by our clock and each page in a transaction of its
    own, so that one page that cannot be published does not hold up the others. Wagtail logs each.
    """
    return _expired_unpublish() + _approved_publish()


def _expired_unpublish() -> int:
    due = Page.objects.live().filter(expire_at__lte=clock.now()).order_by("expire_at")
    count = 0
    for page in due.specific():
        with transaction.atomic():
            page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
        count += 1
    return count


def _approved_publish() -> int:
    due = Revision.objects.filter(approved_go_live_at__lte=clock.now())
    count = 0
    for pk in due.order_by("approved_go_live_at").values_list("pk", flat=True):
        with transaction.atomic():
            revision = due.select_for_update().filter(pk=pk).first()
            if revision is None:  # published meanwhile, by another worker or by an editor
                continue
            action = PublishPageRevisionAction(revision, log_action="wagtail.publish.scheduled")
            # Wagtail compares this with the wall clock and would only schedule it again.
            action.object.go_live_at = None
            action.execute(skip_permission_checks=True)
        count += 1
    return count

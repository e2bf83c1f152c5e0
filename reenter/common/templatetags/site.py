"""Small helpers of the shell: phone links, message colours, the field an error points at."""

from __future__ import annotations

import re

from django import template
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.forms import BoundField
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

PHONE_NUMBER = re.compile(r"\+?\d[\d -]{7,18}\d")
ALERT_KINDS = {
    constants.DEBUG: "info",
    constants.INFO: "info",
    constants.SUCCESS: "success",
    constants.WARNING: "warning",
    constants.ERROR: "danger",
}


@register.filter
def alert_kind(message: Message) -> str:
    """The kind of alert that shows a message of Django's."""
    return ALERT_KINDS.get(message.level, "info")


@register.filter
def tel(number: object) -> str:
    """A phone number as a `tel:` link wants it: digits and a leading plus."""
    return "".join(sign for sign in str(number) if sign.isdigit() or sign == "+")


@register.filter
def phone_links(line: object) -> SafeString:
    """A line of text, with each phone number in it as a link that calls it."""
    linked = PHONE_NUMBER.sub(
        lambda found: f'<a class="phone" href="tel:{tel(found[0])}">{found[0]}</a>', escape(line)
    )
    return mark_safe(linked)  # noqa: S308  # escaped above; the pattern holds digits only


@register.filter
def startswith(text: object, prefix: str) -> bool:
    return str(text).startswith(prefix)


@register.filter
def first_input_id(field: BoundField) -> str:
    """The id of the first thing to fill in: a group of choices has no input with its own id."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.simple_tag
def site_phone() -> str:
    """The site's phone number, also for pages rendered without a request: errors 400 and 500."""
    return settings.CONTACT_PHONE

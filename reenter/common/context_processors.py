from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .contact import contact_of


def site(request: HttpRequest) -> dict[str, object]:
    """The few facts that the base template shows on every page."""
    return {
        "contact_phone": settings.CONTACT_PHONE,
        "contact_email": settings.CONTACT_EMAIL,
        "contact_person": SimpleLazyObject(lambda: contact_of(getattr(request, "user", None))),
        "controller_address": settings.CONTROLLER_ADDRESS,
        "mail_page": getattr(settings, "MAIL_PAGE", False),
    }

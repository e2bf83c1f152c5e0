"""Django's admin: for superusers alone, and only for what has no page of its own."""

from __future__ import annotations

from typing import Any

from allauth.account import admin as address_admin
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa import admin as factor_admin
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from .models import LegalText, Organisation, User


def _is_superuser(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_superuser


def _no_second_form(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """Who is signed in belongs here or does not; another password would not change that."""
    if not _is_superuser(request):
        raise PermissionDenied
    return redirect("admin:index")


# The one way in has limits and a second factor.
admin.site.login = secure_admin_login(_no_second_form)  # type: ignore[method-assign]
admin.site.has_permission = _is_superuser  # type: ignore[method-assign]
# Their log would keep addresses and secrets of people who left.
for module, model in ((address_admin, EmailAddress), (factor_admin, Authenticator)):
    # Naming the module loads it, so that it cannot register its model after us.
    if module and admin.site.is_registered(model):
        admin.site.unregister(model)


class NotDeleted(admin.ModelAdmin):
    """Rows that others refer to; people are erased on their own page, never deleted here."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(NotDeleted):
    """Rights only: names and numbers belong to the person."""

    list_display = ["id", "is_active", "is_staff", "is_superuser", "created_at"]
    list_filter = ["is_active", "is_staff", "is_superuser"]
    search_fields = ["email__iexact"]
    fields = ["id", "email", "is_active", "is_staff", "is_superuser", "groups", "created_at"]
    readonly_fields = ["id", "email", "created_at"]
    filter_horizontal = ["groups"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Organisation)
class OrganisationAdmin(NotDeleted):
    list_display = ["name", "created_at"]
    search_fields = ["name"]


@admin.register(LegalText)
class LegalTextAdmin(NotDeleted):
    """A version never changes: people agreed to it. A new text gets a new version."""

    list_display = ["code", "version", "created_at"]
    list_filter = ["code"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

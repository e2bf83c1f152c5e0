"""The ground below the pages: languages, the site and its editors."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
)
from wagtail.models.sites import SITE_ROOT_PATHS_CACHE_KEY, SITE_ROOT_PATHS_CACHE_VERSION

from handbook.keys import key_of
from handbook.models import HomePage

EDITORS = "Editors"
PAGE_PERMISSIONS = ("add_page", "change_page", "publish_page")
IMAGE_PERMISSIONS = ("add_image", "change_image", "choose_image")
EDITOR_PERMISSIONS = (
    ("wagtailadmin", "access_admin"),
    ("simple_translation", "submit_translation"),
    *(
        ("handbook", f"{act}_{what}")
        for what in ("question", "book", "glossaryterm")
        for act in ("add", "change", "delete")
    ),
)


def home_prepare(language: str) -> HomePage:
    """The top of a language's tree, made when it is not there."""
    locale, _made = Locale.objects.get_or_create(language_code=language)
    home = HomePage.objects.filter(translation_key=key_of("home"), locale=locale).first()
    if home is None:
        home = HomePage(
            title=f"RE-ENTER ({language})",
            slug=language,
            locale=locale,
            translation_key=key_of("home"),
        )
        _root().add_child(instance=home)
    return home


def site_prepare(homes: dict[str, HomePage]) -> None:
    """One site for all languages. The empty page that a new Wagtail site begins with goes away."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        site = Site(is_default_site=True)
    elif site.root_page.specific_class is HomePage:
        _forget_addresses()
        return
    old = site.root_page if site.pk else None
    address = urlsplit(settings.SITE_URL)
    site.hostname = address.hostname or "localhost"
    site.port = address.port or (443 if address.scheme == "https" else 80)
    site.site_name = settings.WAGTAIL_SITE_NAME
    site.root_page = homes[settings.LANGUAGE_CODE]
    site.save()
    if old is not None and old.specific_class is Page and old.is_leaf():
        old.delete()
    _forget_addresses()


def editors_prepare() -> Group:
    """The group of people who edit pages with their images, schedule and publish; nothing else."""
    group, _made = Group.objects.get_or_create(name=EDITORS)
    for app, codename in EDITOR_PERMISSIONS:
        permission = Permission.objects.get(content_type__app_label=app, codename=codename)
        group.permissions.add(permission)
    root = _root()
    for codename in PAGE_PERMISSIONS:
        permission = Permission.objects.get(
            content_type__app_label="wagtailcore", codename=codename
        )
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    # The collection that all images are in; a database that was emptied by `flush` has lost it.
    pictures = Collection.get_first_root_node() or Collection.add_root(name="Root")
    for codename in IMAGE_PERMISSIONS:
        permission = Permission.objects.get(
            content_type__app_label="wagtailimages", codename=codename
        )
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=pictures, permission=permission
        )
    return group


def _root() -> Page:
    """The node above all trees; a database that was emptied by `flush` has lost it."""
    return Page.get_first_root_node() or Page.add_root(title="Root", slug="root")


def _forget_addresses() -> None:
    """Wagtail keeps the addresses of the trees for an hour: let it see a new language at once."""
    _delete_addresses()
    transaction.on_commit(_delete_addresses)


def _delete_addresses() -> None:
    cache.delete(SITE_ROOT_PATHS_CACHE_KEY, version=SITE_ROOT_PATHS_CACHE_VERSION)

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from accounts.views.people import reauthenticate, set_language

# Wagtail's own sign-in pages know no limits and no second factor.
sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns = [
    path("", include("reenter.desk.urls")),
    path("", include("accounts.urls")),
    path("", include("mentoring.urls")),
    path("", include("matching.urls")),
    path("", include("handbook.urls")),
    path("", include("reenter.common.urls")),
    path("account/reauthenticate/", reauthenticate, name="account_reauthenticate"),
    path("account/", include("allauth.urls")),
    path("language/", set_language, name="set_language"),
    path("django-admin/", admin.site.urls),
    path("cms/login/", sign_in),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]
urlpatterns += i18n_patterns(path("_util/login/", sign_in), path("", include(wagtail_urls)))

if getattr(settings, "SERVE_MEDIA", False):
    from django.views.static import serve

    media = {"document_root": settings.MEDIA_ROOT}
    urlpatterns += [path(f"{settings.MEDIA_URL.strip('/')}/<path:path>", serve, media)]

"""Tests: fast hashing, mail in memory, tasks run at once."""

import tempfile

from .base import *
from .base import DATABASES, VAR_DIR

SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
STAFF_MFA_REQUIRED = False
# Wagtail's index of references took a third of each write; no page of ours reads it.
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
ACCOUNT_RATE_LIMITS = False
MEDIA_ROOT = tempfile.mkdtemp(prefix="reenter-media-")
PRIVATE_ROOT = tempfile.mkdtemp(prefix="reenter-private-")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: browser tests read the database from a second thread.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test" / "test.sqlite3")}
DATABASES["default"]["CONN_MAX_AGE"] = 0
LOGGING = {"version": 1, "disable_existing_loggers": False}
# Static files straight from the source folders; nothing is collected for a test.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

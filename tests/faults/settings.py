"""The product as it runs in production, on servers that a test starts and kills itself."""

from reenter.settings.base import *  # noqa: F403
from reenter.settings.base import CELERY_BEAT_SCHEDULE

SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["127.0.0.1"]
STAFF_MFA_REQUIRED = False
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2, "socket_timeout": 5}
# Each second instead of each minute, so that catching up fits in a test.
CELERY_BEAT_SCHEDULE = {
    name: entry | {"schedule": 1.0, "options": {"expires": 5}}
    for name, entry in CELERY_BEAT_SCHEDULE.items()
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

"""The Celery application: `celery -A reenter worker`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reenter.settings.local")

app = Celery("reenter")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

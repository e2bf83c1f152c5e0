"""Development on one machine: SQLite, filesystem broker, mail kept in files."""

from .base import *
from .base import VAR_DIR, env

DEBUG = env.bool("DJANGO_DEBUG", True)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
VAR_DIR.mkdir(parents=True, exist_ok=True)

CONTROLLER_ADDRESS = "Voorbeeldstichting RE-ENTER, Voorbeeldstraat 1, 8900 AA Leeuwarden"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
MAIL_PAGE = True
SERVE_MEDIA = True
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
STAFF_MFA_REQUIRED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
INTERNAL_IPS = ["127.0.0.1"]

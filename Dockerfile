# One image for web, worker, scheduler and the one-off steps.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=reenter.settings.production \
    REENTER_VAR=/var/lib/reenter STATIC_ROOT=/srv/static MEDIA_ROOT=/srv/media \
    NUMBA_CACHE_DIR=/var/lib/reenter/numba
WORKDIR /app
# What WeasyPrint sets PDFs with; without it the site runs, but makes no PDF.
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends \
       libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home /var/lib/reenter reenter \
    && install -d -o reenter -g reenter /var/lib/reenter /srv/static /srv/media

COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
RUN pybabel --quiet compile --directory locale --domain django
USER reenter
CMD ["gunicorn", "reenter.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "3", "--threads", "4", "--access-logfile", "-", "--access-logformat", "%(m)s %(s)s %(M)sms"]

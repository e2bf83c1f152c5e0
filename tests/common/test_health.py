import pytest
from kombu import Connection

from reenter.celery import app as celery_app


def test_alive_without_a_database(client):
    assert client.get("/healthz").json() == {"alive": True}


@pytest.mark.django_db
def test_ready_when_everything_answers(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": True, "broker": True, "migrations": True}


@pytest.mark.django_db
def test_not_ready_without_the_broker(client, monkeypatch):
    closed = Connection("redis://127.0.0.1:1/0")
    monkeypatch.setattr(celery_app, "connection_for_write", lambda: closed)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["broker"] is False


@pytest.mark.django_db
def test_not_ready_with_a_migration_to_run(client):
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.filter(app="matching").delete()
    assert client.get("/readyz").json()["migrations"] is False

"""What the tests of the import pages share."""

from __future__ import annotations

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from mentoring.models import ImportBatch

DUTCH = "Naam;E-mailadres;Branche;Schoenmaat\n"
LIST = DUTCH + "Anna de Wit;anna@new.example;it;38\nBob Zwart;bob@new.example;it;44\n"
STATEMENT = {
    "stated": "on",
    "briefed": "on",
    "admitted": "on",
    "by": "Gemeente X",
    "on": "2026-11-01",
}
PAGES = ["columns", "statement", "check", "run", "done"]


def page_of(batch, page):
    return reverse(f"mentoring:import_{page}", args=[batch.pk])


def csv(text, name="list.csv"):
    return SimpleUploadedFile(name, text.encode())


def xlsx(rows):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return SimpleUploadedFile("list.xlsx", out.getvalue())


def upload(client, programme, file, role="mentee"):
    url = reverse("mentoring:import_start", args=[programme.slug])
    return client.post(url, {"role": role, "file": file})


def uploaded(client, programme, text, role="mentee"):
    response = upload(client, programme, csv(text), role)
    assert response.status_code == 302, response.content.decode()
    return ImportBatch.objects.latest("created_at")


def fields_of(response):
    """What the page proposes, as a browser would send it."""
    form = response.context["form"]
    return {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}


def accept_columns(client, batch):
    data = fields_of(client.get(page_of(batch, "columns")))
    response = client.post(page_of(batch, "columns"), data)
    assert response.status_code == 302, response.context["form"].errors


def to_check(client, programme, text, role="mentee", statement=STATEMENT):
    batch = uploaded(client, programme, text, role)
    accept_columns(client, batch)
    assert client.post(page_of(batch, "statement"), statement).status_code == 302
    return batch


def shown(response):
    assert response.status_code == 200
    return response.content.decode()


def run(client, batch, callbacks):
    with callbacks(execute=True):
        return client.post(page_of(batch, "run"))

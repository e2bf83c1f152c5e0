"""The handbook out as a zip file, and in again; a document in as a draft. In the editor.

Wagtail's gate stands before these pages: only editors and administrators come here. What somebody
brings is looked at first and kept aside; a second button carries it out.
"""

from __future__ import annotations

import io
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from .documents import DocumentError, read_document
from .front_matter import ContentError
from .models import HandbookIndexPage, Upload
from .package import LEFT_OUT, unpacked, zipped
from .selectors import mentoring_book
from .services import handbook_export, import_plan, uploads
from .services.documents import document_keep
from .transfer_forms import DocumentForm, PackageForm


@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: HttpRequest) -> HttpResponse:
    """Three things on one page: out, in, and a document in."""
    forms = {
        "package": PackageForm(auto_id="package_%s"),
        "document": DocumentForm(auto_id="document_%s"),
    }
    if request.method == "POST":
        kind = "document" if "language" in request.POST else "package"
        form = type(forms[kind])(request.POST, request.FILES, auto_id=f"{kind}_%s")
        if form.is_valid():
            upload = uploads.upload_keep(actor=request.user, **form.cleaned_data)
            return redirect("handbook_upload", upload.pk)
        forms[kind] = form
    context = forms | {"done": "done" in request.GET}
    return render(request, "handbook/cms/transfer.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The zip file; what is not in it is told by a text file within."""
    made, out = handbook_export(), io.BytesIO()
    notes = {LEFT_OUT: "\n".join([*made.notes, ""]).encode()} if made.notes else {}
    zipped(made.files | notes, out)
    headers = {"Content-Disposition": 'attachment; filename="handbook.zip"'}
    return HttpResponse(out.getvalue(), content_type="application/zip", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What would become of the file, and the button that does it."""
    found = get_object_or_404(Upload, pk=pk)
    try:
        return _document(request, found) if found.language else _package(request, found)
    except (ContentError, DocumentError) as error:
        messages.error(request, str(error))
        return redirect("handbook_transfer")


def _package(request: HttpRequest, found: Upload) -> HttpResponse:
    if request.method == "POST":
        done = f"{reverse('handbook_transfer')}?done=1"
        job = uploads.import_start(actor=request.user, upload=found, next_url=done)
        return redirect("common:job_detail", job.pk)
    with found.file.open("rb") as file, unpacked(file) as folder:
        changes = import_plan(folder)
    context = {
        "name": found.name,
        "changes": [change for change in changes if change.state != "same"],
        "same": sum(change.state == "same" for change in changes),
    }
    return render(request, "handbook/cms/upload_package.html", context)


def _document(request: HttpRequest, found: Upload) -> HttpResponse:
    with found.file.open("rb") as file:
        document = read_document(found.name, file.read())
    if request.method != "POST":
        context = {"document": document, "name": found.name}
        return render(request, "handbook/cms/upload_document.html", context)
    book = mentoring_book(HandbookIndexPage.objects.all(), found.language)
    if book is None:
        raise Http404
    part = document_keep(actor=request.user, book=book, document=document, upload=found)
    count = len(document.chapters)
    text = ngettext("%d chapter is a draft now.", "%d chapters are drafts now.", count) % count
    messages.success(request, f"{text} " + _("Write one sentence of introduction for each."))
    return redirect("wagtailadmin_explore", part.pk)

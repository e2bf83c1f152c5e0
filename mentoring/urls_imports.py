from __future__ import annotations

from django.urls import path

from .views import imports

urlpatterns = [
    path("programmes/<slug:slug>/import/", imports.import_start, name="import_start"),
    path("imports/<uuid:pk>/columns/", imports.import_columns, name="import_columns"),
    path("imports/<uuid:pk>/statement/", imports.import_statement, name="import_statement"),
    path("imports/<uuid:pk>/", imports.import_check, name="import_check"),
    path("imports/<uuid:pk>/run/", imports.import_run, name="import_run"),
    path("imports/<uuid:pk>/done/", imports.import_done, name="import_done"),
]

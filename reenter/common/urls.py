from django.urls import path

from . import views

app_name = "common"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("jobs/<uuid:job_id>/", views.job_detail, name="job_detail"),
]

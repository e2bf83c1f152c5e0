from django.conf import settings
from django.urls import path

from . import views

app_name = "common"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("jobs/<uuid:job_id>/", views.job_detail, name="job_detail"),
]

if getattr(settings, "MAIL_PAGE", False):
    urlpatterns += [
        path("dev/mail/", views.mail_list, name="mail_list"),
        path("dev/mail/<str:name>/", views.mail_detail, name="mail_detail"),
        path("dev/mail/<str:name>/html/", views.mail_html, name="mail_html"),
    ]

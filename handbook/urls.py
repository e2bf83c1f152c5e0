from django.urls import path

from . import views

app_name = "handbook"
urlpatterns = [
    path("handbook/", views.index, name="index"),
    path("handbook/search/", views.handbook_search, name="search"),
    path("handbook/pages/<uuid:key>/", views.page_translation, name="translation"),
    # Before Wagtail's own page: that one knows no limits, codes or passkeys.
    path("cms/login/", views.cms_login, name="cms_login"),
]

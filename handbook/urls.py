from django.urls import path, re_path

from . import question_pages, views

app_name = "handbook"
urlpatterns = [
    path("handbook/", views.index, name="index"),
    path("handbook/questions/", question_pages.question_list, name="questions"),
    path("handbook/search/", views.handbook_search, name="search"),
    path("handbook/pages/<uuid:key>/", views.page_translation, name="translation"),
    # People and their names are managed in the site, with its rules and its audit trail.
    path("cms/account/", views.cms_account, name="cms_account"),
    re_path(r"^cms/users/", views.cms_users, name="cms_users"),
]

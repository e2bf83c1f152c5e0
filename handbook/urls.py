from django.urls import path, re_path

from . import question_pages, story_pages, views

app_name = "handbook"
urlpatterns = [
    path("handbook/", views.index, name="index"),
    path("handbook/questions/", question_pages.question_list, name="questions"),
    path("handbook/series/", views.series, name="series"),
    path("handbook/stories/", story_pages.story_list, name="story_list"),
    path("handbook/stories/<uuid:pk>/", story_pages.story_detail, name="story_detail"),
    path("handbook/search/", views.handbook_search, name="search"),
    path("handbook/pages/<uuid:key>/", views.page_translation, name="translation"),
    # People and their names are managed in the site, with its rules and its audit trail; who may
    # edit, and the ground below the pages, are made by `load_handbook`.
    path("cms/account/", views.cms_account, name="cms_account"),
    re_path(
        r"^cms/(?P<screen>users|groups|sites|collections|workflows|documents)/",
        views.cms_closed,
        name="cms_closed",
    ),
]

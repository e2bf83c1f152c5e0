from django.urls import path, re_path

from . import (
    asking_pages,
    book_pages,
    glossary_pages,
    inbox_pages,
    pdf_pages,
    question_pages,
    reader_pages,
    story_pages,
    views,
)

app_name = "handbook"
urlpatterns = [
    path("handbook/", views.index, name="index"),
    path("handbook/questions/", question_pages.question_list, name="questions"),
    path("handbook/questions/ask/", asking_pages.question_ask_page, name="question_ask"),
    path("handbook/questions/similar/", asking_pages.question_similar, name="question_similar"),
    path("handbook/questions/mine/", asking_pages.my_questions, name="my_questions"),
    path("handbook/questions/mine/<uuid:pk>/", asking_pages.my_question, name="my_question"),
    path(
        "handbook/questions/mine/<uuid:pk>/withdraw/",
        asking_pages.question_withdraw,
        name="question_withdraw",
    ),
    path("handbook/books/", book_pages.books, name="books"),
    path("handbook/books/propose/", book_pages.book_propose_page, name="book_propose"),
    path("handbook/books/mine/", book_pages.my_books, name="my_books"),
    path(
        "handbook/books/mine/<uuid:pk>/withdraw/",
        book_pages.proposal_withdraw,
        name="proposal_withdraw",
    ),
    path("cms/inbox/questions/", inbox_pages.asked_questions, name="asked_questions"),
    path(
        "cms/inbox/questions/<uuid:pk>/publish/",
        inbox_pages.question_publish,
        name="question_publish",
    ),
    path("cms/inbox/questions/<uuid:pk>/reply/", inbox_pages.question_reply, name="question_reply"),
    path("cms/inbox/questions/<uuid:pk>/close/", inbox_pages.question_close, name="question_close"),
    path("cms/inbox/books/", inbox_pages.proposed_books, name="proposed_books"),
    path("cms/inbox/books/<uuid:pk>/choose/", inbox_pages.book_choose, name="book_choose"),
    path("cms/inbox/books/<uuid:pk>/decline/", inbox_pages.book_decline, name="book_decline"),
    path("handbook/words/", glossary_pages.glossary_list, name="glossary"),
    path("handbook/series/", views.series, name="series"),
    path("handbook/stories/", story_pages.story_list, name="story_list"),
    path("handbook/stories/<uuid:pk>/", story_pages.story_detail, name="story_detail"),
    path("handbook/search/", views.handbook_search, name="search"),
    path("handbook/pages/<uuid:key>/", views.page_translation, name="translation"),
    path("handbook/pdf/<str:language>/<uuid:key>/", pdf_pages.pdf, name="pdf"),
    path("handbook/pdf/<str:language>/<uuid:key>/file/", pdf_pages.pdf_file, name="pdf_file"),
    path(
        "handbook/<str:language>/<uuid:key>/read/", reader_pages.chapter_read, name="chapter_read"
    ),
    path(
        "handbook/<str:language>/<uuid:key>/useful/",
        reader_pages.chapter_useful,
        name="chapter_useful",
    ),
    # People and their names are managed in the site, with its rules and its audit trail; who may
    # edit, and the ground below the pages, are made by `load_handbook`.
    path("cms/account/", views.cms_account, name="cms_account"),
    re_path(
        r"^cms/(?P<screen>users|groups|sites|collections|workflows|documents)/",
        views.cms_closed,
        name="cms_closed",
    ),
]

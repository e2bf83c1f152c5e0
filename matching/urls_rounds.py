from django.urls import path

from .views import board, rounds

PAIR = "rounds/<uuid:round_id>/pairs/<uuid:mentee_id>/<uuid:mentor_id>/"

urlpatterns = [
    path("programmes/<slug:slug>/rounds/", rounds.round_list, name="round_list"),
    path("programmes/<slug:slug>/rounds/new/", rounds.round_new, name="round_new"),
    path("rounds/<uuid:round_id>/", rounds.round_detail, name="round_detail"),
    path("rounds/<uuid:round_id>/people/", rounds.round_people, name="round_people"),
    path("rounds/<uuid:round_id>/people/add/", rounds.round_people_add, name="round_people_add"),
    path(
        "rounds/<uuid:round_id>/people/<uuid:person_id>/back/",
        rounds.round_person_back,
        name="round_person_back",
    ),
    path("rounds/<uuid:round_id>/solve/", rounds.round_solve, name="round_solve"),
    path(
        "rounds/<uuid:round_id>/solve/stop/", rounds.round_solve_cancel, name="round_solve_cancel"
    ),
    path("rounds/<uuid:round_id>/publish/", rounds.round_publish, name="round_publish"),
    path("rounds/<uuid:round_id>/close/", rounds.round_close, name="round_close"),
    path("rounds/<uuid:round_id>/board/", board.board, name="board"),
    path("rounds/<uuid:round_id>/why-not/", board.board_whynot, name="board_whynot"),
    path(PAIR, board.board_pair, name="board_pair"),
    path(f"{PAIR}together/", board.override_lock, name="override_lock"),
    path(f"{PAIR}apart/", board.override_forbid, name="override_forbid"),
    path(f"{PAIR}exchange/", board.override_swap, name="override_swap"),
    path(
        "rounds/<uuid:round_id>/decisions/<uuid:override_id>/withdraw/",
        board.override_withdraw,
        name="override_withdraw",
    ),
]

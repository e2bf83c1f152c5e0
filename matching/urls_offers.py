from django.urls import path

from .views import offers, single

urlpatterns = [
    path("offers/", offers.offer_list, name="offer_list"),
    path("offers/<uuid:offer_id>/", offers.offer_detail, name="offer_detail"),
    path("offers/<uuid:offer_id>/accept/", offers.offer_accept, name="offer_accept"),
    path("offers/<uuid:offer_id>/decline/", offers.offer_decline, name="offer_decline"),
    path("offers/<uuid:offer_id>/withdraw/", offers.offer_withdraw, name="offer_withdraw"),
    path("offers/<uuid:offer_id>/answer/<str:side>/", offers.offer_answer, name="offer_answer"),
    path("rounds/single/<uuid:participant_id>/", single.single_match, name="single_match"),
    path(
        "rounds/single/<uuid:participant_id>/offer/<uuid:other_id>/",
        single.single_offer,
        name="single_offer",
    ),
]

from django.urls import path

from .urls_profiles import urlpatterns as profile_urls
from .views import people, privacy, staff, takeover

app_name = "accounts"

people_urls = [
    path("me/", people.me, name="me"),
    path("me/details/", people.details, name="details"),
    path("me/second-factor/", people.second_factor, name="second_factor"),
    path("me/privacy/", privacy.my_privacy, name="my_privacy"),
    path("me/privacy/download/", privacy.my_data, name="my_data"),
    path("me/privacy/read/", privacy.my_data_read, name="my_data_read"),
    path("me/privacy/delete/", privacy.account_delete, name="account_delete"),
    path("me/privacy/<slug:purpose>/give/", privacy.purpose_give, name="purpose_give"),
    path("me/privacy/<slug:purpose>/withdraw/", privacy.purpose_withdraw, name="purpose_withdraw"),
    path("me/organisation/", staff.organisation_list, name="organisation_list"),
    path("me/organisation/new/", staff.organisation_new, name="organisation_new"),
    path(
        "me/organisation/<uuid:organisation_id>/",
        staff.organisation_detail,
        name="organisation_detail",
    ),
    path(
        "me/organisation/<uuid:organisation_id>/members/<uuid:membership_id>/remove/",
        staff.membership_remove,
        name="membership_remove",
    ),
    path(
        "me/organisation/<uuid:organisation_id>/invitations/<uuid:invitation_id>/withdraw/",
        staff.invitation_withdraw,
        name="invitation_withdraw",
    ),
    path("invitations/<str:token>/", staff.invitation, name="invitation"),
    path("claim/", takeover.claim, name="claim"),
    path("claim/confirm/", takeover.claim_confirm, name="claim_confirm"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("terms/", privacy.terms, name="terms"),
    path("texts/<slug:code>/<str:version>/", privacy.legal_text, name="legal_text"),
    path("account-deleted/", privacy.account_deleted, name="account_deleted"),
]

urlpatterns = [*people_urls, *profile_urls]

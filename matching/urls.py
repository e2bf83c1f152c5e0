from .urls_offers import urlpatterns as offers
from .urls_rounds import urlpatterns as rounds

app_name = "matching"
urlpatterns = [*offers, *rounds]

from .urls_offers import urlpatterns as offers

app_name = "matching"
urlpatterns = [*offers]

from .urls_profiles import urlpatterns as profile_patterns

app_name = "accounts"
urlpatterns: list = [*profile_patterns]

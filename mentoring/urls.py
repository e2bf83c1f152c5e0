from .urls_programmes import urlpatterns as programmes

app_name = "mentoring"
urlpatterns = [*programmes]

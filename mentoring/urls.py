from .urls_imports import urlpatterns as imports
from .urls_pairs import urlpatterns as pairs
from .urls_programmes import urlpatterns as programmes
from .urls_stories import urlpatterns as stories

app_name = "mentoring"
urlpatterns = [*programmes, *pairs, *stories, *imports]

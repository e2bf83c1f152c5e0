from .loading import handbook_load
from .publishing import due_pages_publish

__all__ = ["due_pages_publish", "handbook_load"]

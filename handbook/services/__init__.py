from .indexing import handbook_index
from .loading import handbook_load
from .publishing import due_pages_publish

__all__ = ["due_pages_publish", "handbook_index", "handbook_load"]

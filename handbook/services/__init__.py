from .exporting import handbook_export
from .importing import handbook_import, import_plan
from .indexing import handbook_index
from .loading import handbook_load
from .publishing import due_pages_publish

__all__ = [
    "due_pages_publish",
    "handbook_export",
    "handbook_import",
    "handbook_index",
    "handbook_load",
    "import_plan",
]

"""A handbook as a folder or zip file, taken in with care: names, sizes and kinds are checked.

What is right is laid out in a folder of its own, which `content_files.read_book` reads.
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from .front_matter import ContentError

MOST_FILES = 3000
MOST_BYTES = 200 * 1024 * 1024
MOST_FILE_BYTES = 10 * 1024 * 1024
LANGUAGES = "|".join(code for code, _name in settings.LANGUAGES)
WANTED = re.compile(
    rf"(?:{LANGUAGES})/(?:_handbook|_credits|[a-z0-9][a-z0-9-]*)\.md"
    r"|images/[a-z0-9-]+\.(?:jpg|png)"
)
LEFT_OUT = "_left-out.txt"
# What computers put into folders by themselves, and what the product keeps beside its chapters.
PASSED_OVER = re.compile(
    r"(?:.*/)?(?:\.DS_Store|Thumbs\.db|desktop\.ini|\.gitkeep)|__MACOSX/.*"
    rf"|_[a-z_]+\.json|(?:{LANGUAGES})/series/[^/]+\.md|{LEFT_OUT}"
)
Files = dict[str, bytes]


class PackageError(ContentError):
    """A folder or zip file that is not taken; the text says what to do."""


@contextmanager
def unpacked(source: Path | IO[bytes]) -> Iterator[Path]:
    """The files of a folder, of a zip file or of an open one, laid out in a folder that goes."""
    is_folder = isinstance(source, Path) and source.is_dir()
    files = _of_folder(source) if is_folder else _of_zip(source)  # type: ignore[arg-type]
    if not any(name.endswith("/_handbook.md") for name in files):
        raise PackageError(
            _("There is no handbook in it. Expected: a file nl/_handbook.md or en/_handbook.md.")
        )
    with tempfile.TemporaryDirectory(prefix="reenter-handbook-") as name:
        folder = Path(name)
        for path, content in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        yield folder


def zipped(files: Mapping[str, bytes], target: Path | IO[bytes]) -> None:
    """The same files always make the same zip file."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])


def _of_folder(folder: Path) -> Files:
    files: Files = {}
    total = 0
    for parent, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = Path(parent, name)
            short = path.relative_to(folder).as_posix()
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                raise PackageError(_not_a_file(short))
        for name in names:
            path = Path(parent, name)
            short = path.relative_to(folder).as_posix()
            if not _is_wanted(short):
                continue
            total += path.stat().st_size
            if path.stat().st_size > MOST_FILE_BYTES or total > MOST_BYTES:
                raise PackageError(_too_large(short))
            files[short] = path.read_bytes()
            if len(files) > MOST_FILES:
                raise PackageError(_too_many())
    return files


def _of_zip(source: Path | IO[bytes]) -> Files:
    try:
        with zipfile.ZipFile(source) as archive:
            return _entries(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise PackageError(
            _("This is no zip file, or it is damaged. Make it anew and try again.")
        ) from error


def _entries(archive: zipfile.ZipFile) -> Files:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        raise PackageError(_too_many())
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise PackageError(_too_large(_("everything together")))
    for entry in entries:
        _check_entry(entry)
    outer = _outer_folder([entry.filename for entry in entries])
    files: Files = {}
    for entry in entries:
        name = entry.filename.removeprefix(outer)
        if name in files:
            raise PackageError(_("“%(name)s” is in it twice. Take one out.") % {"name": name})
        if _is_wanted(name):
            with archive.open(entry) as file:
                # One more than allowed: the size that the list of contents tells may be a lie.
                files[name] = file.read(MOST_FILE_BYTES + 1)
            if len(files[name]) > MOST_FILE_BYTES:
                raise PackageError(_too_large(name))
    return files


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if name.startswith(("/", "\\")) or ".." in parts or ":" in name or "\\" in name:
        raise PackageError(
            _("“%(name)s” leads out of the folder. Make the zip file anew.") % {"name": name[:80]}
        )
    if entry.flag_bits & 1:
        raise PackageError(_("The zip file has a password. Make one without it."))
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise PackageError(_not_a_file(name))


def _outer_folder(names: list[str]) -> str:
    """The folder around everything, as when somebody zipped the folder and not what is in it."""
    tops = {name.partition("/")[0] for name in names if not name.startswith("__MACOSX/")}
    inner = {code for code, _name in settings.LANGUAGES} | {"images"}
    top = tops.pop() if len(tops) == 1 else ""
    return f"{top}/" if top and top not in inner and all("/" in name for name in names) else ""


def _is_wanted(name: str) -> bool:
    if PASSED_OVER.fullmatch(name):
        return False
    if not WANTED.fullmatch(name):
        raise PackageError(
            _(
                "“%(name)s” does not belong in a handbook. Expected: nl/name.md, en/name.md and "
                "images/name.jpg or .png, with small letters."
            )
            % {"name": name[:80]}
        )
    return True


def _not_a_file(name: str) -> str:
    return _("“%(name)s” is a link and not a file. Put the file itself there.") % {
        "name": name[:80]
    }


def _too_large(name: str) -> str:
    return _("“%(name)s” is too large: at most %(file)s MB a file, %(all)s MB together.") % {
        "name": name[:80],
        "file": MOST_FILE_BYTES // 1024 // 1024,
        "all": MOST_BYTES // 1024 // 1024,
    }


def _too_many() -> str:
    return _("There are more than %(most)s files in it.") % {"most": MOST_FILES}

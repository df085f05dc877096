# SPDX-License-Identifier: MIT
"""Which files the demo sends: files, folders, or the interpreter's own standard library."""

import os
import stat
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# Not the interpreter's own, though they may lie in its folder.
FOREIGN = frozenset({"site-packages", "dist-packages", "__pycache__"})


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be sent, as it was when it was found."""

    number: int
    path: Path
    size: int


@dataclass(frozen=True, slots=True)
class Collection:
    sources: list[Source]
    skipped: list[str]  # why, one line each

    @property
    def size(self) -> int:
        return sum(source.size for source in self.sources)


def collect(paths: Iterable[str]) -> Collection:
    """Find every regular file in `paths`, folders with all that is below them; no paths: the standard library.

    What cannot be read is left out and told, so that one bad file does not spoil the rest.
    """
    found: list[Source] = []
    skipped: list[str] = []
    for path in _walk(paths, skipped):
        try:
            size = _readable_size(path)
        except OSError as error:
            skipped.append(f"{path}: {error.strerror or error}")
        else:
            found.append(Source(len(found), path, size))
    return Collection(found, skipped)


def _walk(paths: Iterable[str], skipped: list[str]) -> Iterator[Path]:
    given = list(paths)
    if not given:
        yield from standard_library()
    for name in given:
        path = Path(name)
        if path.is_dir():
            yield from _below(path, skipped)
        else:
            yield path


def _below(folder: Path, skipped: list[str]) -> Iterator[Path]:
    def told(error: OSError) -> None:
        skipped.append(f"{error.filename}: {error.strerror}")

    for parent, folders, names in os.walk(folder, onerror=told):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            # Sockets, devices and pipes of a folder are nobody's input; named ones are refused aloud.
            if path.is_file() or path.is_symlink():
                yield path


def standard_library() -> Iterator[Path]:
    """Yield the interpreter's own sources."""
    for parent, folders, names in os.walk(sysconfig.get_path("stdlib")):
        folders[:] = sorted(set(folders) - FOREIGN)
        for name in sorted(names):
            if name.endswith(".py"):
                yield Path(parent, name)


def _readable_size(path: Path) -> int:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise OSError("not a regular file")
    with path.open("rb"):
        return status.st_size

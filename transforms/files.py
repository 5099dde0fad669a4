"""Whole files on any of Beam's filesystems: a laptop's folder and a bucket alike."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Sequence
from typing import Any

from apache_beam.io.filesystem import BeamIOError, CompressionTypes
from apache_beam.io.filesystems import FileSystems


def join(folder: str, *parts: str) -> str:
    return FileSystems.join(folder, *parts)  # type: ignore[no-any-return]


def read_bytes(path: str) -> bytes:
    """The content as stored. Raises OSError where there is none."""
    with FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED) as file:
        return file.read()  # type: ignore[no-any-return]


def open_binary(path: str) -> Any:
    """A file to read piece by piece, as stored. Raises OSError where there is none."""
    return FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED)


def exists(path: str) -> bool:
    return FileSystems.exists(path)  # type: ignore[no-any-return]


def make_parent(path: str) -> None:
    """Makes the folder that a file is to stand in; nothing where folders need no making."""
    parent = FileSystems.split(path)[0]
    try:
        FileSystems.mkdirs(parent)
    except OSError:
        if not exists(parent):
            raise


def write_atomically(path: str, content: bytes) -> None:
    """Writes a file that appears whole under its name or not at all, in place of an older one."""
    make_parent(path)
    staged = f"{path}.{uuid.uuid4().hex}.part"
    with FileSystems.create(staged, "application/octet-stream", compression_type=CompressionTypes.UNCOMPRESSED) as file:
        file.write(content)
    sync(staged)
    rename(staged, path)


def sync(path: str) -> None:
    """Makes a local file durable before a rename makes it visible; buckets are durable already."""
    if os.path.exists(path):
        with open(path, "rb") as file:
            os.fsync(file.fileno())


def rename(source: str, destination: str) -> None:
    """Moves a file, over an older one. Done already (no source, but a destination) is success: a step tried again."""
    make_parent(destination)
    if os.path.exists(source):
        os.replace(source, destination)  # Beam's local rename refuses to replace
        return
    if not exists(source) and exists(destination):
        return
    FileSystems.rename([source], [destination])


def delete(paths: Sequence[str]) -> None:
    """Deletes files or folders with all that is in them; what does not exist is no error.

    In a bucket a folder is no more than the names that begin with it.
    """
    found = [path for path in paths if exists(path)]
    for path in paths:
        if "://" in path:
            found += match(join(path, "**"))
    try:
        FileSystems.delete(found)
    except BeamIOError as error:
        left = [path for path in error.exception_details or {} if exists(path)]
        if left:
            raise


def remove_empty_parents(paths: Sequence[str], levels: int) -> None:
    """Removes the folders that local paths stood in, so many levels up, where nothing is left in them."""
    for path in paths:
        with contextlib.suppress(OSError):
            for _ in range(levels):
                path = os.path.dirname(path)
                os.rmdir(path)


def match_times(pattern: str) -> dict[str, float]:
    """When each file that a glob names last changed, in seconds since the epoch; 0 where the filesystem doesn't say."""
    return {found.path: found.last_updated_in_seconds for found in FileSystems.match([pattern])[0].metadata_list}


def match(pattern: str) -> list[str]:
    """The paths of the files that a glob names, sorted."""
    return sorted(found.path for found in FileSystems.match([pattern])[0].metadata_list)

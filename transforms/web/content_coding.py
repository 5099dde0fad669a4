"""Unpacking an answer's body piece by piece, within a bounded memory and never half."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final, Protocol

import brotli  # type: ignore[import-untyped]

from transforms.errors import IngestError

ACCEPT_ENCODING: Final = "gzip, deflate, br"
_PIECE: Final = 256 * 1024
_GZIP: Final = 16 + zlib.MAX_WBITS
_MEMBER: Final = b"\x1f\x8b"
_MAX_CODINGS: Final = 2  # a server that compresses twice exists; more is an attack


class Unpacker(Protocol):
    def unpack(self, data: bytes) -> Iterator[bytes]:
        """The unpacked bytes of `data`, in pieces of bounded size."""

    def finish(self) -> None:
        """Raise IngestError when the body ended before its compression did."""


def make_unpacker(content_encoding: str, url: str) -> Unpacker:
    """The unpacker for a Content-Encoding header; raises IngestError for a coding that was not asked for."""
    names = [n for name in content_encoding.lower().split(",") if (n := name.strip()) not in ("", "identity")]
    if len(names) > _MAX_CODINGS:
        raise IngestError("broken_body", f"{url}: Content-Encoding {content_encoding[:80]!r}")
    unpacker: Unpacker = _Identity()
    for name in reversed(names):
        if name in ("gzip", "x-gzip", "deflate"):
            coding: Unpacker = _Zlib(url, gzip=name != "deflate")
        elif name == "br":
            coding = _Brotli(url)
        else:
            raise IngestError("broken_body", f"{url}: unknown Content-Encoding {name[:40]!r}")
        unpacker = coding if isinstance(unpacker, _Identity) else _Chain(unpacker, coding)
    return unpacker


class _Identity:
    def unpack(self, data: bytes) -> Iterator[bytes]:
        yield data

    def finish(self) -> None:
        pass


class _Chain:
    def __init__(self, first: Unpacker, then: Unpacker) -> None:
        self._first, self._then = first, then

    def unpack(self, data: bytes) -> Iterator[bytes]:
        for piece in self._first.unpack(data):
            yield from self._then.unpack(piece)

    def finish(self) -> None:
        self._first.finish()
        self._then.finish()


class _Zlib:
    """gzip (several members, trailing bytes after the last one ignored) and deflate (with or without zlib's header)."""

    def __init__(self, url: str, *, gzip: bool) -> None:
        self._url, self._gzip = url, gzip
        self._decoder: zlib._Decompress | None = None
        self._between = b""  # what came after a gzip member and may begin another
        self._seen = self._ended = False

    def unpack(self, data: bytes) -> Iterator[bytes]:
        while data and not self._ended:
            if self._decoder is None:
                if self._gzip and self._seen:
                    data = (self._between + data).lstrip(b"\0")
                    self._between = data[:1]
                    self._ended = not _MEMBER.startswith(data[:2])
                    if len(data) < 2 or self._ended:
                        return
                # deflate should mean zlib's format; servers exist that send the bare one
                bare = not self._gzip and data[0] & 0x0F != 8
                self._decoder = zlib.decompressobj(-zlib.MAX_WBITS if bare else _GZIP if self._gzip else zlib.MAX_WBITS)
            self._seen = True
            try:
                piece = self._decoder.decompress(data, _PIECE)
            except zlib.error as error:
                raise IngestError("broken_body", f"{self._url}: damaged compression: {error}") from None
            if piece:
                yield piece
            data = self._decoder.unconsumed_tail
            if not data and len(piece) == _PIECE and not self._decoder.eof:
                # output may still wait inside the decoder although all input is consumed
                while rest := self._decoder.decompress(b"", _PIECE):
                    yield rest
            if self._decoder.eof:
                data, self._decoder, self._between = self._decoder.unused_data, None, b""
                self._ended = not self._gzip

    def finish(self) -> None:
        if self._decoder is not None:
            raise IngestError("broken_body", f"{self._url}: the compressed body is cut off")


class _Brotli:
    def __init__(self, url: str) -> None:
        self._url, self._decoder, self._seen = url, brotli.Decompressor(), False

    def unpack(self, data: bytes) -> Iterator[bytes]:
        if not data or self._decoder.is_finished():
            return
        self._seen = True
        try:
            piece = self._decoder.process(data, output_buffer_limit=_PIECE)
            while piece or not self._decoder.can_accept_more_data():
                yield piece
                piece = self._decoder.process(b"", output_buffer_limit=_PIECE)
        except brotli.error as error:
            raise IngestError("broken_body", f"{self._url}: damaged compression: {error}") from None

    def finish(self) -> None:
        if self._seen and not self._decoder.is_finished():
            raise IngestError("broken_body", f"{self._url}: the compressed body is cut off")

"""Unpacking: all of a body or an error, and never much of it at once."""

import contextlib
import gzip
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.errors import IngestError
from transforms.web.content_coding import make_unpacker

TEXT = b"a line of news\n" * 40_000


def bare_deflate(data):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKED = {
    "gzip": gzip.compress(TEXT),
    "x-gzip": gzip.compress(TEXT[:99]) + gzip.compress(TEXT[99:]),
    "GZIP ": gzip.compress(TEXT) + b"\0\0 trailing bytes",
    "deflate": zlib.compress(TEXT),
    "identity, deflate": bare_deflate(TEXT),
    "br": brotli.compress(TEXT),
    "gzip, br": brotli.compress(gzip.compress(TEXT)),
    "": TEXT,
    "identity": TEXT,
}


def unpack(encoding, data, piece):
    unpacker = make_unpacker(encoding, "http://h/")
    out = [part for i in range(0, len(data), piece) for part in unpacker.unpack(data[i : i + piece])]
    unpacker.finish()
    return out


@pytest.mark.parametrize("piece", [1, 1000, 1 << 20])
@pytest.mark.parametrize("encoding", PACKED)
def test_unpacks(encoding, piece):
    data = PACKED[encoding]
    if piece == 1 and len(data) > 20_000:
        piece = 7
    assert b"".join(unpack(encoding, data, piece)) == TEXT


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "identity, deflate", "br", "gzip, br"])
@pytest.mark.parametrize("kept", [0.5, 0.99])
def test_a_cut_body_is_an_error(encoding, kept):
    data = PACKED[encoding]
    with pytest.raises(IngestError, match="broken_body"):
        unpack(encoding, data[: int(len(data) * kept)], 100)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, gzip, gzip"])
def test_a_wrong_body_is_an_error(encoding):
    with pytest.raises(IngestError, match="broken_body"):
        unpack(encoding, b"<html>not packed at all, whatever the header says", 100)


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, lambda data: brotli.compress(data, quality=5)])
def test_a_bomb_comes_in_small_pieces(pack):
    encoding = {gzip.compress: "gzip", zlib.compress: "deflate"}.get(pack, "br")
    bomb = pack(b"a" * (64 << 20))
    sizes = [len(part) for part in unpack(encoding, bomb, len(bomb))]
    assert sum(sizes) == 64 << 20
    assert max(sizes) <= 1 << 20


@given(st.sampled_from(["gzip", "deflate", "br", "gzip, br"]), st.binary(max_size=300), st.integers(1, 50))
def test_any_bytes_end_in_bytes_or_a_named_error(encoding, data, piece):
    with contextlib.suppress(IngestError):
        unpack(encoding, data, piece)

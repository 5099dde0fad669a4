"""Bytes to text: which encoding a page or feed really is in, whatever it says."""

from __future__ import annotations

import codecs
import re
from typing import Final

from charset_normalizer import from_bytes

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE | re.ASCII)
_XML_CHARSET: Final = re.compile(rb"^\s{0,100}<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})")
_META_CHARSET: Final = re.compile(rb"<meta\b[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
# Only encodings of documents: codecs such as unicode_escape or punycode are no business of a stranger's page.
_TEXT_CODEC: Final = re.compile(
    r"cp\d+|iso8859-\d+|koi8-\w|gb\w+|big5\w*|euc_\w+|shift_jis\w*|mac-\w+|hz|utf-(?:8|16|32)(?:-[lb]e)?"
)
# Latin labels that servers send by default and that say nothing about Arabic bytes.
_LATIN: Final = frozenset({"cp1252", "iso8859-1", "iso8859-15", "ascii", "utf-8"})
_C1: Final = re.compile("[\u0080-\u009f]")
_C1_BYTES: Final = re.compile(b"\xc2[\x80-\x9f]")
_PUNCTUATION: Final = {chr(code): bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_ARABIC_WORD: Final = re.compile("[\u0621-\u063a\u0641-\u064a]{3,}")
# The article, and the commonest short words: what Arabic holds and other bytes read as Arabic do not.
_ARABIC_SIGN: Final = re.compile(
    r"(?<!\w)(?:\u0627\u0644[\u0621-\u064a]{2}|(?:\u0641\u064a|\u0645\u0646|\u0639\u0644\u0649|\u0625\u0644\u0649)(?!\w))"
)
_SIGN_SHARE: Final = 0.05
_SAMPLE: Final = 20_000
_ASCII: Final = bytes(range(0x80))
_MIN_GUESS: Final = 16  # bytes beyond ASCII; fewer speak for nothing
_LATIN_1_WORD: Final = re.compile("[A-Za-z\u00c0-\u00ff]{3,}")


def decode(content: bytes, content_type: str = "") -> str:
    """The text of `content`: byte order mark, UTF-8 when it is valid, what header and document declare, windows-1256.

    Never raises: bytes that no rule explains become U+FFFD. A declared encoding that turns Arabic into
    mojibake (windows-1256 bytes called utf-8 or iso-8859-1) is overruled. C1 control characters, which nobody means,
    become the punctuation that windows-1252 has in their place.
    """
    text = _decode(content, content_type)
    if not _C1_BYTES.search(text.encode("utf-8", "surrogatepass")):  # several times as fast as looking for them in str
        return text
    return _C1.sub(lambda match: _PUNCTUATION[match[0]], text)


def _decode(content: bytes, content_type: str) -> str:
    for bom, codec in _BOMS:
        if content.startswith(bom):
            return content[len(bom) :].decode(codec, "replace")
    if (text := _decode_wide(content)) is not None or (text := _decode_utf8(content)) is not None:
        return text
    declared = declared_codec(content, content_type)
    if declared and declared not in _LATIN:
        return content.decode(declared, "replace")
    if is_windows_1256(content):
        return content.decode("cp1256", "replace")
    if (guess := _guess_codec(content)) and guess not in _LATIN:
        return content.decode(guess, "replace")
    lossy = content.decode("utf-8", "replace")
    if lossy.count("\ufffd") * 10 < sum(map(lossy.count, "\u0627\u0644")) + len(lossy) // 20:
        return lossy
    return content.decode("cp1252" if declared in (None, "utf-8", "ascii", "iso8859-1") else declared, "replace")


def declared_codec(content: bytes, content_type: str = "") -> str | None:
    """Python's name of the encoding that the header, the XML declaration or the first kilobytes of HTML declare."""
    header = _HEADER_CHARSET.search(content_type)
    head = content[:4096]
    inside = _XML_CHARSET.search(head) or _META_CHARSET.search(head)
    labels = [header[1]] if header else []
    labels += [inside[1].decode("ascii")] if inside else []
    codecs_named = [name for label in labels if (name := _codec(label))]
    # A server's blanket Latin or UTF-8 header yields to a document that names something particular.
    return next((name for name in codecs_named if name not in _LATIN), codecs_named[0] if codecs_named else None)


def is_windows_1256(content: bytes) -> bool:
    """Whether bytes that are not UTF-8 read as Arabic in windows-1256, and not as letters of some other script."""
    sample = content[:200_000]
    text = sample.decode("cp1256", "replace")
    arabic = _ARABIC_WORD.findall(text)
    if not arabic:
        return False
    if len(_ARABIC_SIGN.findall(text)) < _SIGN_SHARE * len(arabic) and _guess_codec(sample) not in (None, "cp1256"):
        return False
    # Accented Latin words keep ASCII letters between the high bytes; Arabic words in windows-1256 have none.
    accented = [w for w in _LATIN_1_WORD.findall(sample.decode("cp1252", "replace")) if not w.isascii()]
    mixed = sum(1 for word in accented if any(c.isascii() for c in word))
    return len(arabic) > mixed


def _guess_codec(content: bytes) -> str | None:
    """The encoding that the letters' frequencies speak for, if any; costs up to a tenth of a second."""
    if len(content[:_SAMPLE].translate(None, _ASCII)) < _MIN_GUESS:
        return None
    best = from_bytes(content[:_SAMPLE], preemptive_behaviour=False).best()
    return _codec(best.encoding) if best else None


def _codec(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    return name if name == "ascii" or _TEXT_CODEC.fullmatch(name) else None


def _decode_utf8(content: bytes) -> str | None:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as fault:
        # A document that was cut off may end inside a character.
        if fault.start >= len(content) - 3 and fault.reason == "unexpected end of data":
            return content[: fault.start].decode("utf-8")
        return None


def _decode_wide(content: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte order mark: markup then has NULs beside every ASCII character."""
    head = content[:400]
    nuls = head.count(0)
    if nuls * 4 < len(head) or not nuls:
        return None
    size = "32" if nuls * 2 > len(head) + 4 else "16"
    order = "be" if head[0] == 0 else "le"
    return content.decode(f"utf-{size}-{order}", "replace")

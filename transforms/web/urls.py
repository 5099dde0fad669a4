"""URLs: one spelling for one article, and nothing that is not http or https.

courlan's cleaning is not used: it drops parameters that name articles (`SourceID`, `eid`, `cid`), empty and bare
parameters, takes `?url=https://...` for the article and leaves lower-case percent-encoding as it is. yarl, which
aiohttp asks with, normalises host, port, dot segments and percent-encoding by the RFC; only the trackers are ours.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final
from urllib.parse import urljoin

from yarl import URL

from transforms.errors import IngestError

# Names that ad and mail systems add to links; none of them ever chooses what a page shows.
_TRACKER: Final = re.compile(
    r"(?:utm|mtm|itm|pk|hsa|mc|oly|vero|ga|gs|ml|mkt)_\w*|_(?:ga|gl|hsenc|hsmi|openstat)|(?:fb|g|dc|gc|tw|tt|yc|ysc|wbra|gbra)clid"
    r"|(?:msclk|gbra|wbra|igsh|ttcl|click|partner)id|igsh|igshid|mibextid|__tn__|__twitter_impression|fb_(?:action|ref|source|comment)\w*"
    r"|at_(?:medium|campaign|custom\d|link\w*|format|bbc_team|ptr_name)|cmpid|cmp|ocid|ncid|s?xtor|wt[._]mc\w*|ns_\w+|spm|yclid|_branch_match_id"
    r"|rss_source|feed_source|trk|sr_share|share_source|smid|mkt_tok",
    re.IGNORECASE | re.ASCII,
)
# Names that mostly track, but name an article on some sites: dropped only when their value holds no digit.
_MAYBE_TRACKER: Final = re.compile(r"ref|referrer|referer|source|src|medium|campaign|from|via|xtor", re.IGNORECASE)
_BLANKS: Final = re.compile(r"[\t\n\r]+")
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_MAX_LENGTH: Final = 4096
_MOBILE: Final = re.compile(r"(?:www\d?|m|mobile|amp)\.")
_AMP_PATH: Final = re.compile(r"^/amp(?=/.)|/amp$|\.amp(?=\.html?$|$)|(?<=/)amp/(?=[^/]+$)")


def clean_url(url: str, base: str | None = None) -> str:
    """The absolute URL that an article is asked and known by; IngestError `bad_url` names what is none.

    Dropped are fragment, tracking parameters, user and password, default port; percent-encoding gets one spelling.
    Other parameters keep their order and spelling. A link without scheme and host is resolved against `base`.
    """
    parsed = _parse(resolve_url(url, base), url)
    query = "&".join(pair for pair in parsed.raw_query_string.split("&") if pair and not _tracks(pair))
    authority = host_of(str(parsed))
    return f"{parsed.scheme}://{authority}{parsed.raw_path or '/'}{'?' + query if query else ''}"


def resolve_url(url: str, base: str | None = None) -> str:
    """The link made absolute, otherwise as given; raises IngestError `bad_url` when it is no link to a web page."""
    link = _BLANKS.sub("", url.strip()).replace("&amp;", "&")
    if not link:
        raise IngestError("bad_url", "the link is empty")
    scheme = _SCHEME.match(link)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise IngestError("bad_url", f"{_shown(url)} is neither http nor https")
    if scheme and not link[scheme.end() :].startswith("//"):
        raise IngestError("bad_url", f"{_shown(url)} is not an absolute http or https URL")
    if scheme:
        return link
    try:
        absolute = urljoin(base, link) if base else link
    except ValueError as fault:
        raise IngestError("bad_url", f"{_shown(url)}: {fault}") from None
    if not absolute.lower().startswith(("http://", "https://")):
        raise IngestError("bad_url", f"{_shown(url)} is not an absolute http or https URL")
    return absolute


def host_of(url: str) -> str:
    """`host:port` in lower case, the port only when it is not the scheme's own; IPv6 addresses in brackets."""
    parsed = _parse(url, url)
    host = (parsed.raw_host or "").lower().rstrip(".")
    host = f"[{host}]" if ":" in host else host
    return host if parsed.is_default_port() else f"{host}:{parsed.port}"


def record_id(canonical_url: str) -> str:
    """32 hex digits that name an article for ever.

    The same for http and https, with and without `www.`, for any order of query parameters and with or without a
    trailing slash: sites answer these alike, and feeds mix them. Of other URLs (documents' paths) the hash as they are.
    """
    if not canonical_url.lower().startswith(("http://", "https://")):
        return _hash(canonical_url)
    parsed = _parse(canonical_url, canonical_url)
    host = host_of(canonical_url).removeprefix("www.")
    query = "&".join(sorted(parsed.raw_query_string.split("&")))
    return _hash(f"{host}{parsed.raw_path.rstrip('/')}?{query}")


def choose_canonical(final_url: str, declared: str | None) -> str:
    """The page's own canonical URL where it is the page, else `final_url`; both cleaned.

    A wrong canonical (the home page, a template's leftover, a stranger's) would merge articles, so it may differ only
    in scheme, `www.`, `m.` or `amp.`, a trailing slash, an `amp` segment or an `amp` parameter.
    """
    final = clean_url(final_url)
    if not declared:
        return final
    try:
        canonical = clean_url(declared, final)
    except IngestError:
        return final
    ours, theirs = URL(final, encoded=True), URL(canonical, encoded=True)
    same = _bare_host(final) == _bare_host(canonical) and _bare_path(ours) == _bare_path(theirs)
    same_query = sorted(ours.raw_query_string.split("&")) == sorted(theirs.raw_query_string.split("&"))
    # A query may name the article: an index.php?id=1 that calls itself index.php is not believed.
    only_amp = set(ours.query) <= {"amp", "outputType", "output", "m"} and not theirs.raw_query_string
    return canonical if same and (same_query or only_amp) else final


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _tracks(pair: str) -> bool:
    name, _, value = pair.partition("=")
    if _TRACKER.fullmatch(name):
        return True
    return bool(_MAYBE_TRACKER.fullmatch(name)) and not any(map(str.isdigit, value))


def _parse(url: str, shown: str) -> URL:
    if len(url) > _MAX_LENGTH:
        raise IngestError("bad_url", f"{_shown(shown)} is {len(url)} characters long")
    try:
        parsed = URL(url)
        host, port = parsed.raw_host, parsed.port
    except (ValueError, TypeError) as fault:
        raise IngestError("bad_url", f"{_shown(shown)}: {fault}") from None
    if parsed.scheme not in ("http", "https") or not host or port is None or not host.strip("."):
        raise IngestError("bad_url", f"{_shown(shown)} is not an absolute http or https URL")
    if "%" in host or ".." in host or port == 0 or any(len(label) > 63 for label in host.split(".")):
        raise IngestError("bad_url", f"{_shown(shown)} has no valid host")
    return parsed


def _bare_host(url: str) -> str:
    return _MOBILE.sub("", host_of(url), count=1)


def _bare_path(url: URL) -> str:
    return _AMP_PATH.sub("", url.raw_path.rstrip("/")).rstrip("/")


def _shown(url: str) -> str:
    return repr(url if len(url) <= 200 else url[:200] + "...")

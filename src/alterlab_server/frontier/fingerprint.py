"""When two URLs mean the same page: a canonical form, and a short fingerprint of it."""

import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes

import xxhash

# Parameters by which senders follow their readers; no page depends on them.
_TRACKING = frozenset(
    (
        *(
            "gclid",
            "gclsrc",
            "dclid",
            "gbraid",
            "wbraid",
            "fbclid",
            "msclkid",
            "yclid",
            "twclid",
            "ttclid",
            "li_fat_id",
        ),
        *("mc_cid", "mc_eid", "igshid", "igsh", "_ga", "_gl", "_hsenc", "_hsmi", "mkt_tok", "vero_id", "vero_conv"),
        *("oly_anon_id", "oly_enc_id", "rb_clickid", "s_cid", "wickedid", "srsltid"),
    )
)
_TRACKING_PREFIXES = ("utm_", "pk_", "piwik_", "matomo_", "mtm_", "hsa_")
_SESSION = frozenset(
    ("phpsessid", "jsessionid", "sessionid", "session_id", "sessid", "cfid", "cftoken", "zenid", "oscsid")
)
# `sid` is also an ordinary name; as a session it is long and random.
_SHORT_SESSION = frozenset(("sid", "s"))
_RANDOM = re.compile(r"[0-9a-f]{16,}", re.IGNORECASE)
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?;]*", re.IGNORECASE)
_COOKIELESS = re.compile(r"/\([a-z]\([^/)]*\)\)(?=/)", re.IGNORECASE)  # ASP.NET: /(S(x1y2))/page.aspx
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
# https://www.rfc-editor.org/rfc/rfc3986#section-2.3
_UNRESERVED = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_CACHED = 131_072


def canonical(href: str) -> str:
    """The form that all spellings of a page's address share; `href` is absolute and normalised (`base.url`).

    The fragment, tracking parameters and session ids are dropped, parameters are sorted by name, and escapes of
    characters that need none are undone.
    """
    address, _, query = href.partition("#")[0].partition("?")
    if ";" in address:
        address = _PATH_SESSION.sub("", address)
    if "/(" in address:
        address = _COOKIELESS.sub("", address)
    if query:
        kept = sorted((pair for pair in query.split("&") if _says_something(pair)), key=_name)
        address = f"{address}?{'&'.join(kept)}" if kept else address
    return _ESCAPE.sub(_unescaped, address) if "%" in address else address


@lru_cache(maxsize=_CACHED)
def fingerprint(href: str) -> int:
    """64 bits of the canonical form, as PostgreSQL's signed bigint holds them."""
    return _signed(canonical(href).encode())


def content_mark(body: bytes) -> int:
    """64 bits of what a page consists of, among the fingerprints: pages that are the same byte for byte share it."""
    return _signed(body)


def _signed(data: bytes) -> int:
    unsigned = xxhash.xxh3_64_intdigest(data)
    return unsigned - (1 << 64) if unsigned >> 63 else unsigned


def _name(pair: str) -> str:
    return pair.partition("=")[0]


def _says_something(pair: str) -> bool:
    name, _, value = pair.partition("=")
    name = name.lower()
    if not pair or name in _TRACKING or name in _SESSION or name.startswith(_TRACKING_PREFIXES):
        return False
    if name.startswith("aspsessionid"):
        return False
    return not (name in _SHORT_SESSION and _RANDOM.fullmatch(value))


def _unescaped(match: re.Match[str]) -> str:
    byte = unquote_to_bytes(match[0])
    return byte.decode() if byte[0] in _UNRESERVED else match[0].upper()

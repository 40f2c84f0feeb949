"""Pages that send their visitor on by themselves: `<meta http-equiv="refresh">` and the header of that name.

https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-refresh
"""

import html
import re

from alterlab_server.fetch.http.exchange import Response

MAX_SECONDS = 5
"""A page that waits longer is there to be read."""

_SCANNED_BYTES = 16_384
# None of them can match a long way in vain: "<" ends each.
_TOKEN = re.compile(
    rb"<!--|-->|<(/?)(script|style|noscript|template|textarea|title|iframe|svg)\b[^<>]*>|(<meta\b[^<>]*>)",
    re.IGNORECASE,
)
_IS_REFRESH = re.compile(rb"""\bhttp-equiv\s*=\s*["']?\s*refresh\b""", re.IGNORECASE)
_CONTENT = re.compile(r"""\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
# What it has taken it does not give back: a header may be a quarter of a megabyte of digits.
_INSTRUCTION = re.compile(
    r"""\s*+(\d++)[\d.]*+(?:\s*+[;,]\s*+|\s++)(?:url\s*+=\s*+)?+(?:"([^"]*)|'([^']*)|(\S.*))""", re.IGNORECASE
)


def refresh_target(response: Response) -> str | None:
    """The reference that a page with a good status leads on to within MAX_SECONDS, as it stands there; else None."""
    if not 200 <= response.status < 300:
        return None
    instruction = response.header("refresh") or _declared(response)
    found = _INSTRUCTION.match(instruction) if instruction else None
    if found is None or len(found[1]) > 1 or int(found[1]) > MAX_SECONDS:
        return None
    return (found[2] or found[3] or found[4] or "").strip() or None


def _declared(response: Response) -> str | None:
    """What the first refreshing `meta` says that a browser with scripts would see."""
    head = response.body[:_SCANNED_BYTES]
    if "html" not in (response.header("content-type") or "html") or b"refresh" not in head.lower():
        return None
    hidden_in = b""
    for token in _TOKEN.finditer(head):
        name = (token[2] or b"").lower()
        if hidden_in:
            if token[0] == b"-->" if hidden_in == b"<!--" else token[1] and name == hidden_in:
                hidden_in = b""
        elif token[3] and _IS_REFRESH.search(token[3]):
            return _content_of(token[3])
        elif token[0] == b"<!--" or (name and not token[1]):
            hidden_in = name or b"<!--"
    return None


def _content_of(tag: bytes) -> str | None:
    found = _CONTENT.search(tag.decode("utf-8", "replace"))
    return html.unescape(found[1] or found[2] or found[3] or "") if found else None

"""E-mail addresses that Cloudflare hides from who runs no scripts, put back where its script would put them.

An address is hexadecimal: a byte, then each byte of the address combined with it by exclusive or.
"""

from itertools import islice

from turbohtml import Document, Text

_PROTECTED = "/cdn-cgi/l/email-protection#"
# Beyond these a page is a trap: the longest address has 254 characters (RFC 5321).
_MAX_ADDRESSES, _MAX_LENGTH = 10_000, 2 * 255


def reveal_emails(tree: Document) -> None:
    """Put the addresses into the texts and links of a page that has Cloudflare's script."""
    if tree.select_one('script[src*="/email-decode"]') is None:
        return
    for link in islice(tree.select(f'a[href*="{_PROTECTED}"]'), _MAX_ADDRESSES):
        before, _, hidden = (link.attr("href") or "").partition(_PROTECTED)
        address = _revealed(hidden)
        if address and "/" not in before.partition("://")[2]:
            link.attrs["href"] = f"mailto:{address}"
    for element in islice(tree.select("[data-cfemail]"), _MAX_ADDRESSES):
        address = _revealed(element.attr("data-cfemail") or "")
        if address:
            element.replace_with(Text(address))


def _revealed(hidden: str) -> str | None:
    """The address, None for what is no hidden one."""
    try:
        key, *said = bytes.fromhex(hidden[:_MAX_LENGTH])
        address = bytes([byte ^ key for byte in said]).decode()
    except ValueError:
        return None
    return address if "@" in address and address.isprintable() and " " not in address else None

"""A quick look at an HTML page: title, visible words, scripts. One linear pass, no tree, safe on hostile markup."""

import re
from dataclasses import dataclass

ENOUGH_WORDS = 200
"""A page with so many visible words is no block page; counting ends here."""

_SCANNED_BYTES = 524_288
_FIRST_BYTES = 32_768  # which mostly hold enough words
_NOTE_BYTES = 1000
_NOTES_BYTES = 10 * _NOTE_BYTES  # a page of nothing but <noscript> would be noted many times over
_NAME = re.compile(rb"</?([a-z][a-z0-9]*)")
_SKIPPED = frozenset((b"script", b"style", b"template", b"svg", b"title", b"iframe", b"textarea"))
_MEDIA = frozenset((b"img", b"video", b"picture", b"canvas", b"object", b"embed"))
_TOLD_APART = b"|".join(sorted(_SKIPPED | _MEDIA | {b"noscript"}))
# Text and tags that only stand in it, so many at a time: most of a page is gone through by these few searches.
_PLAIN = re.compile(rb"(?:[^<]++|</[^>]*+>|<(?!(?:%s)(?![a-z0-9]))[a-z][^>]*+>){1,50}+" % _TOLD_APART)
_TAG = re.compile(rb"<[^>]*>")
_ENTITY = re.compile(rb"&#?[0-9a-z]+;")
# Without knowing the charset: up to six bytes beyond ASCII, two ideographs in UTF-8, stand for a word.
_WORD = re.compile(rb"[0-9a-z]+|[\x80-\xff]{1,6}")

# What parts words in ASCII as _WORD does, and faster.
_SPACED = bytes(code if _WORD.fullmatch(bytes([code])) else 0x20 for code in range(256))


@dataclass(frozen=True, slots=True)
class Sketch:
    """What was seen. `markup` is the scanned part in lower case; `text` and `words` end at ENOUGH_WORDS.

    `whole` is true when the body was not longer than what is scanned. `ends_inside` is true when the page stops in the
    middle of a tag, script or comment.
    """

    markup: bytes
    title: str = ""
    text: str = ""
    words: int = 0
    scripts: int = 0
    media: int = 0
    noscript: str = ""
    whole: bool = True
    ends_inside: bool = False


def sketch(body: bytes) -> Sketch:
    """Look through the first half megabyte of `body`, or less where that shows enough words; all that matters in it is
    ASCII in nearly every charset.
    """
    scan = _Scan(body[:_FIRST_BYTES].lower())
    if scan.words < ENOUGH_WORDS and len(body) > _FIRST_BYTES:
        scan = _Scan(body[:_SCANNED_BYTES].lower())
    return Sketch(
        markup=scan.markup,
        title=_visible(scan.title),
        text=_visible(scan.text),
        words=min(scan.words, ENOUGH_WORDS),
        scripts=scan.scripts,
        media=scan.media,
        noscript=_visible(scan.noscript),
        whole=len(body) <= _SCANNED_BYTES,
        ends_inside=scan.ends_inside and len(body) <= _SCANNED_BYTES,
    )


class _Scan:
    """The pass itself. Every search goes on from where the last one ended, or ends the scan."""

    def __init__(self, markup: bytes) -> None:
        self.markup = markup
        self.title = b""
        self.noscript = b""
        self.text = bytearray()
        self.words = 0
        self.scripts = 0
        self.media = 0
        self.ends_inside = False
        self._run()

    def _run(self) -> None:
        position = 0
        while 0 <= position < len(self.markup) and self.words < ENOUGH_WORDS:
            if plain := _PLAIN.match(self.markup, position):
                self._take_text(_TAG.sub(b" ", plain[0]))
                position = plain.end()
            else:
                position = self._after_markup(position)
        self.ends_inside = position < 0

    def _after_markup(self, start: int) -> int:
        """Where what begins at `start` ends, or -1 when it does not."""
        if self.markup.startswith(b"<!--", start):
            return _end(self.markup.find(b"-->", start + 4), 3)
        match = _NAME.match(self.markup, start)
        if match is None and not self.markup.startswith((b"<!", b"<?", b"</"), start):
            return start + 1  # a stray "<" is text
        end = _end(self.markup.find(b">", start), 1)
        if match is None or end < 0 or self.markup.startswith(b"</", start):
            return end
        name = match[1]
        self.media += name in _MEDIA
        if name == b"noscript":
            self._take_noscript(end)
            return end
        return self._after_skipped(name, end) if name in _SKIPPED else end

    def _after_skipped(self, name: bytes, start: int) -> int:
        close = self.markup.find(b"</" + name, start)
        self.scripts += name == b"script"
        if name == b"title" and not self.title:
            self.title = self.markup[start : close if close >= 0 else None][:_NOTE_BYTES]
        return _end(self.markup.find(b">", close), 1) if close >= 0 else -1

    def _take_noscript(self, start: int) -> None:
        if len(self.noscript) >= _NOTES_BYTES:
            return
        close = self.markup.find(b"</noscript", start, start + _NOTE_BYTES)
        self.noscript += self.markup[start : close if close >= 0 else start + _NOTE_BYTES]

    def _take_text(self, piece: bytes) -> None:
        piece = _ENTITY.sub(b" ", piece)
        self.words += len(piece.translate(_SPACED).split() if piece.isascii() else _WORD.findall(piece))
        self.text += piece + b" "


def _end(found: int, length: int) -> int:
    return found + length if found >= 0 else -1


def _visible(piece: bytes | bytearray) -> str:
    return " ".join(_ENTITY.sub(b" ", piece).decode("utf-8", "replace").split())

"""Escaping: text that markdown must not read as markup (CommonMark 0.31)."""

import re

_BACKSLASH = re.compile(r"\\(?=[!-/:-@\[-`{-~]|$)")
_EMPHASIS = re.compile(r"(?<!\s)\*|\*(?!\s)|(?<![^\W_])_|_(?![^\W_])")
_BRACKET = re.compile(r"\](?=[(:\[])|\[(?=\^)|!(?=\[|$)|\[(?=[ xX]\](?:\s|$))")
_ANGLE = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=#?\w{1,32};)")
_STRIKE = re.compile(r"~(?=~)|(?<=~)~")
# What would open a block at the start of a line.
_LINE_START = re.compile(
    r"""^(?:
        (?P<mark>\#{1,6}(?=\s|$)|>|[-+*](?=\s|$)|=+\s*$|-+\s*$|~{3,}|(?:[-*_]\s*){3,}$)
        |(?P<number>\d{1,9})(?P<dot>[.)])(?=\s|$)
    )""",
    re.VERBOSE,
)
_ANY = re.compile(r"[\\`*_\[\]!<&~]")
# TeX between the usual delimiters stands as it is: escapes would change the formula.
_TEX = re.compile(r"(\$\$[^$]{1,300}\$\$|\\\((?:[^\\]|\\(?!\))){1,300}\\\)|\\\[(?:[^\\]|\\(?!\])){1,300}\\\])")


def escape_text(text: str) -> str:
    """Text as markdown that shows just this text; formulas in TeX delimiters stay as they are."""
    if not _ANY.search(text):
        return text
    if "$$" in text or "\\(" in text or "\\[" in text:
        parts = _TEX.split(text)
        return "".join(part if index % 2 else _escape(part) for index, part in enumerate(parts))
    return _escape(text)


def _escape(text: str) -> str:
    text = _BACKSLASH.sub(r"\\\\", text)
    text = text.replace("`", "\\`")
    text = _EMPHASIS.sub(lambda found: "\\" + found[0], text)
    for pattern in (_BRACKET, _ANGLE, _ENTITY, _STRIKE):
        text = pattern.sub(lambda found: "\\" + found[0], text)
    return text


def escape_line_starts(markdown: str) -> str:
    """Keep the lines of a paragraph from being read as headings, lists, quotes, rules or fences."""
    return "\n".join(_LINE_START.sub(_escaped_start, line) for line in markdown.split("\n"))


def _escaped_start(found: re.Match[str]) -> str:
    if found["number"]:
        return f"{found['number']}\\{found['dot']}"
    return "\\" + found[0]


def code_span(text: str) -> str:
    """Inline code, fenced by more backticks than it holds."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (1 if longest != 1 else 2) if longest < 2 else "`" * (longest + 1)
    padded = f" {text} " if text[:1] in "` " or text[-1:] in "` " else text
    return f"{fence}{padded}{fence}" if text.strip() else ""


def destination(url: str) -> str:
    """A link's destination, in angle brackets where the bare form would end early."""
    if re.search(r"[\s<>]", url) or url.count("(") != url.count(")"):
        return "<" + re.sub(r"([<>\\])", r"\\\1", url).replace("\n", "%0A") + ">"
    return url.replace("\\", "\\\\")


def title_part(title: str) -> str:
    """The title of a link or image, with the space before it; empty for none."""
    title = " ".join(title.split())
    return f' "{escape_text(title).replace(chr(34), chr(92) + chr(34))}"' if title else ""

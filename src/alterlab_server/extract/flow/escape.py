"""Escaping: text that markdown must not read as markup (CommonMark 0.31)."""

import re

_SIGN = r"[\\`*_\[\]!<&~]"
# A sign, and around it what makes it markup.
_MARKUP = re.compile(
    _SIGN
    + r"""(?:
        (?<=\\)(?=[!-/:-@\[-`{-~]|$)
        |(?<=`)
        |(?<=\*)(?:(?<!\s\*)|(?!\s))
        |(?<=_)(?:(?<![^\W_]_)|(?![^\W_]))
        |(?<=\])(?=[(:\[])
        |(?<=\[)(?=\^|[ xX]\](?:\s|$))
        |(?<=!)(?=\[)
        |(?<=<)(?=[A-Za-z/!?])
        |(?<=&)(?=\#?\w{1,32};)
        |(?<=~)(?:(?=~)|(?<=~~))
    )""",
    re.VERBOSE,
)
_BRACKET = re.compile(r"(?<!\\)[\[\]]")
_BACKTICKS = re.compile(r"`+")
# What would open a block at the start of a line.
_LINE_START = re.compile(
    r"""^(?:
        (?P<mark>\#{1,6}(?=\s|$)|>|[-+*](?=\s|$)|=+\s*$|-+\s*$|~{3,}|(?P<rule>[-*_])(?:\s*(?P=rule)){2,}\s*$)
        |(?P<number>\d{1,9})(?P<dot>[.)])(?=\s|$)
    )""",
    re.VERBOSE,
)
# The characters that begin such a line.
_LINE_SIGNS = frozenset("#>-+*=~_0123456789")
# TeX between the usual delimiters stands as it is: escapes would change the formula.
_TEX = re.compile(r"(\$\$[^$]{1,300}\$\$|\\\((?:[^\\]|\\(?!\))){1,300}\\\)|\\\[(?:[^\\]|\\(?!\])){1,300}\\\])")


def _escaped(found: re.Match[str]) -> str:
    return "\\" + found[0]


def escape_text(text: str) -> str:
    """Text as markdown that shows just this text; formulas in TeX delimiters stay as they are."""
    if not _has_sign(text):
        return text
    if "$$" in text or "\\" in text:
        parts = _TEX.split(text)
        parts[::2] = [_MARKUP.sub(_escaped, part) for part in parts[::2]]
        return "".join(parts)
    return _MARKUP.sub(_escaped, text)


def _has_sign(text: str) -> bool:
    """Whether a text has any of _SIGN."""
    for char in text:  # noqa: SIM110  compiled, a loop makes no generator
        if char in "\\`*_[]!<&~":
            return True
    return False


def escape_brackets(markdown: str) -> str:
    """Markdown that can stand within the brackets of a link or an image."""
    return _BRACKET.sub(_escaped, markdown) if "[" in markdown or "]" in markdown else markdown


def escape_line_starts(markdown: str) -> str:
    """Keep the lines of a paragraph from being read as headings, lists, quotes, rules or fences."""
    if "\n" in markdown:
        return "\n".join(map(escape_line_starts, markdown.split("\n")))
    return _LINE_START.sub(_escaped_start, markdown) if markdown[:1] in _LINE_SIGNS else markdown


def _escaped_start(found: re.Match[str]) -> str:
    if found["number"]:
        return f"{found['number']}\\{found['dot']}"
    return "\\" + found[0]


def code_span(text: str) -> str:
    """Inline code, fenced by more backticks than it holds."""
    if not text.strip():
        return ""
    fence = "`"
    if "`" in text:
        longest = max(map(len, _BACKTICKS.findall(text)))
        fence = "`" * (longest + 1)
    elif text[0] != " " and text[-1] != " ":
        return f"`{text}`"
    padded = f" {text} " if text[0] in "` " or text[-1] in "` " else text
    return f"{fence}{padded}{fence}"


def destination(url: str) -> str:
    """A link's destination, in angle brackets where the bare form would end early."""
    if _is_bare(url):
        return url
    if url.split() != [url] or "<" in url or ">" in url or url.count("(") != url.count(")"):
        return "<" + re.sub(r"([<>\\])", r"\\\1", url).replace("\n", "%0A") + ">"
    # A backtick would open a code span, which goes before a link.
    return url.replace("\\", "\\\\").replace("`", "\\`")


def _is_bare(url: str) -> bool:
    """Whether nothing in a destination ends it early or is read as markup, as in nearly all."""
    for char in url:
        if not ("a" <= char <= "z" or "A" <= char <= "Z" or "0" <= char <= "9" or char in "_!$&*+,;=@~%./?:#-"):
            return False
    return bool(url)


def title_part(title: str) -> str:
    """The title of a link or image, with the space before it; empty for none."""
    words = title.split()
    return ' "' + escape_text(" ".join(words)).replace('"', '\\"') + '"' if words else ""

"""Putting the pieces of a run together, so that emphasis is read as it was meant."""

import unicodedata


class Mark:
    """One emphasis: its markdown delimiter, and the HTML tag to use where the delimiter would not be recognised."""

    def __init__(self, delimiter: str, tag: str) -> None:
        self.delimiter, self.tag, self.as_html = delimiter, tag, False
        self.opening, self.closing = Edge(self, opens=True), Edge(self, opens=False)


class Edge:
    """The start or the end of an emphasis."""

    def __init__(self, mark: Mark, *, opens: bool) -> None:
        self.mark, self.opens = mark, opens

    def __str__(self) -> str:
        if self.mark.as_html:
            return f"<{self.mark.tag}>" if self.opens else f"</{self.mark.tag}>"
        return self.mark.delimiter


Piece = str | Edge
"""Markdown, or the edge of an emphasis."""


def assemble(pieces: list[Piece]) -> str:
    """Join pieces: spaces collapse and move out of emphasis, empty emphasis goes."""
    if len(pieces) == 1:
        return str(pieces[0]).removeprefix(" ")
    texts = [piece for piece in pieces if type(piece) is str]
    if len(texts) == len(pieces):
        return _joined(texts)
    tokens = _tidy(pieces)
    _judge(tokens)
    return "".join(map(str, tokens))


def _joined(pieces: list[str]) -> str:
    """Join pieces without emphasis: of two spaces that meet one stays, and none at the start of a line."""
    together = "".join(pieces)
    if together[:1] != " " and "  " not in together and "\n " not in together:
        return together
    written: list[str] = []
    last = " "
    for piece in pieces:
        markdown = piece[1:] if last in " \n" and piece[:1] == " " else piece
        if markdown:
            written.append(markdown)
            last = markdown[-1]
    return "".join(written)


def _tidy(pieces: list[Piece]) -> list[Piece]:
    """Collapse the spaces between pieces, move those just inside of an emphasis to its outside, drop an empty one."""
    tokens: list[Piece] = []
    spaced = True  # whether the last character so far is a space or a line break
    for piece in pieces:
        if type(piece) is Edge:
            if piece.opens:
                tokens.append(piece)
            else:
                _close(tokens, piece, spaced)
            continue
        markdown = str(piece)
        if spaced and markdown[:1] == " ":
            markdown = markdown[1:]
        if not markdown:
            continue
        if markdown[0] == " " and tokens and isinstance(tokens[-1], Edge) and tokens[-1].opens:
            at = len(tokens)
            while at and isinstance(edge := tokens[at - 1], Edge) and edge.opens:
                at -= 1
            tokens.insert(at, " ")
            markdown = markdown[1:]
        if markdown:
            tokens.append(markdown)
        spaced = (markdown or " ")[-1] in " \n"
    return tokens


def _close(tokens: list[Piece], edge: Edge, spaced: bool) -> None:
    """End an emphasis before the space that its text ends with, or drop it when it has none."""
    space = spaced and tokens and isinstance(tokens[-1], str) and tokens[-1].endswith(" ")
    if space and (text := str(tokens.pop())[:-1]):
        tokens.append(text)
    if tokens and tokens[-1] is edge.mark.opening:
        tokens.pop()
    else:
        tokens.append(edge)
    if space:
        tokens.append(" ")


def _judge(tokens: list[Piece]) -> None:
    """Use tags for each emphasis whose delimiters would not open or close where they stand (CommonMark 6.2)."""
    run: list[Edge] = []
    before = " "
    for token in [*tokens, " "]:
        if not isinstance(token, str):
            run.append(token)
            continue
        if run:
            _judge_run(run, before, token[0])
            run = []
        before = token[-1]


def _judge_run(run: list[Edge], before: str, after: str) -> None:
    mixed = len(run) > 1 and len({edge.opens for edge in run}) > 1
    for edge in run:
        outer, inner = (before, after) if edge.opens else (after, before)
        flanking = inner.isalnum() or (
            not inner.isspace() and (not _punctuation(inner) or outer.isspace() or _punctuation(outer))
        )
        if (mixed and edge.opens) or not flanking:
            edge.mark.as_html = True


def _punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"

"""Code: a `<pre>` that holds nothing but its text, in place of what a highlighter sets beside and around each line."""

from itertools import chain

from turbohtml import Document, Element, Node, Text

from alterlab_server.extract.flow.code import has_own_lines, read_code

# What highlighters call the numbers of lines, and the cells that hold them.
_NUMBERS = (
    "td.gutter,td.linenos,td.lntd:first-child,td.blob-num,td.rouge-gutter,td.hljs-ln-numbers,td.crayon-nums,"
    ".linenodiv,.line-numbers-rows,.line-numbers-wrapper,.lineno,.linenos,.linenumber,.line-number,.lnt,.ln"
)
# Cells of highlighters that set code without `<pre>`.
_CODE_CELLS = ("td.blob-code", "td.crayon-code", "td.gutter + td.code")
# Buttons, and the links from code to its documentation in Sphinx.
_TOOLS = "pre button,pre [role=button],pre a.viewcode-back"
_ANY = ("pre", "code", *_CODE_CELLS)
_BESIDE = ",".join(_ANY)


def settle_code(tree: Document) -> None:
    """Take line numbers out of code, and make of each block one `<pre>` with its lines."""
    if not any(map(tree.select_one, _ANY)):
        return
    tree.remove(_TOOLS)
    tables = dict.fromkeys(cell.closest("table") for cells in _CODE_CELLS for cell in tree.select(cells))
    for place in dict.fromkeys([*tables, *map(_around, tree.select("pre"))]):
        for numbers in place.select(_NUMBERS) if place is not None else ():
            table = numbers.closest("table")
            if _is_beside_code(numbers, table) and _counts(numbers):
                tables[table] = None
                numbers.extract()
    for table in tables:
        if table is not None and table.closest("pre") is None:
            _settle(table.find("pre") or table, table)
    for code in tree.select("code:has(br)"):
        if code.closest("pre") is None:
            _settle_lines(code)
    for block in tree.select("pre"):
        if has_own_lines(block):
            _settle(block, block)


def _around(block: Element) -> Element | None:
    """Where the numbers of a block's lines may stand: its table, or what is two elements around it."""
    parent = block.parent
    wrapper = parent.parent if parent is not None else None
    return block.closest("table") or (wrapper if isinstance(wrapper, Element) else None)


def _is_beside_code(numbers: Element, table: Element | None) -> bool:
    if numbers.closest("pre") is not None:
        return True
    if table is not None:
        return table.select_one(_BESIDE) is not None
    return isinstance(beside := numbers.parent, Element) and beside.find("pre") is not None


def _counts(numbers: Element) -> bool:
    """Whether an element holds numbers alone, or draws them by its style."""
    return not numbers.text.strip() or "".join(numbers.text.split()).isdigit()


def _settle(code: Element, place: Element) -> None:
    """Put the lines of some code in the place of an element around it."""
    found = read_code(code)
    if found is None:
        return
    named = {"class": f"language-{found.language}"} if found.language else {}
    place.replace_with(Element("pre", {}, [Element("code", named, [Text(f"{found.text}\n")])]))


def _settle_lines(code: Element) -> None:
    """A `<code>` of several lines is a block when it stands alone; within a line its breaks are spaces."""
    if not any(map(_says, chain(code.previous_siblings, code.next_siblings))):
        _settle(code, code)
        return
    for line_break in code.select("br"):
        line_break.replace_with(Text(" "))


def _says(node: Node) -> bool:
    return isinstance(node, Element) or (isinstance(node, Text) and not node.data.isspace())

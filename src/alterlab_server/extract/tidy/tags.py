"""Elements that few readers of HTML know, in terms of those that all know."""

from turbohtml import Document, Text

# They stand on lines of their own (https://html.spec.whatwg.org/multipage/rendering.html#flow-content-3).
_BLOCKS = ("button", "center", "dialog", "fieldset", "form", "hgroup", "legend", "search")


def settle_tags(tree: Document) -> None:
    """Rename rare blocks, which would be glued to the text around them, and set the readings of ruby apart.

    A button in a paragraph is some of its words.
    """
    for element in [element for tag in _BLOCKS for element in tree.select(tag)]:
        if element.tag == "button" and element.closest("p") is not None:
            element.insert_before(Text(" "))
            element.insert_after(Text(" "))
            element.tag = "span"
        else:
            element.tag = "div"
    readings = tree.select("rt")
    if readings:
        tree.remove("rp")  # not all readers say what is in these
    for reading in readings:
        reading.insert_before(Text("("))
        reading.insert_after(Text(")"))

"""What a page keeps for browsers that run no scripts or play no films."""

from turbohtml import Document, Element

from alterlab_server.extract.flow.images import image_source


def settle_fallbacks(tree: Document) -> None:
    """Take fallbacks out of the body of a page, which says the same without them.

    A `<noscript>` stays where there is more in it than outside: a page drawn by scripts may keep its content there. An
    image whose address only its fallback has gets it from there.
    """
    for player in (*tree.select("video"), *tree.select("audio")):
        player.prune("source,track")
    fallbacks, body = tree.select("body noscript"), tree.find("body")
    if not fallbacks or body is None:
        return
    words = sum(len(fallback.text.split()) for fallback in fallbacks)
    if len(body.text.split(maxsplit=2 * words)) < 2 * words:
        body.strip_tags("noscript")
        return
    for fallback in fallbacks:
        placeholder, image = _image_before(fallback), fallback.select_one("img")
        if placeholder is not None and image is not None and image_source(placeholder) is None:
            placeholder.replace_with(image)
    body.remove("noscript")


def _image_before(fallback: Element) -> Element | None:
    before = next((node for node in fallback.previous_siblings if isinstance(node, Element)), None)
    return before if before is not None and before.tag == "img" else None

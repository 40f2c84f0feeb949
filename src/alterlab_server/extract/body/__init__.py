"""The body of a page: what a reader would call its content."""

from turbohtml import Element

from alterlab_server.extract.document import Document

_NEVER_CONTENT = "script,style,noscript,template,iframe,object,embed,svg,canvas,button,select,input,textarea,dialog"


def carve_body(document: Document, *, whole: bool) -> Element:
    """Cut the content out of the tree; an element without text for a page without any.

    The tree is not whole afterwards: what needs the page around the body reads it before. `whole` keeps everything.
    """
    document.tree.remove(_NEVER_CONTENT)
    body = document.tree.find("body") or Element("body")
    return body if whole else document.tree.main_content() or body

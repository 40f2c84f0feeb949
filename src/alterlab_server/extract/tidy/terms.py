"""Terms of definition lists."""

from turbohtml import Document, Text

# What docutils, and so Sphinx, writes the kind of a term in; its style sheet sets the colon before it.
_CLASSIFIERS = "dt > span.classifier:not(.classifier-delimiter + .classifier)"
# The link from a signature to its code in Sphinx, which stands at the other end of the line.
_SOURCES = "dt > a > span.viewcode-link"


def settle_terms(tree: Document) -> None:
    """Set a term apart from its kind (docutils' "classifiers") and from the link to its code, as style sheets do."""
    if tree.select_one("dt") is None:
        return
    for source in tree.select(_SOURCES):
        source.insert_before(Text(" "))
    for classifier in tree.select(_CLASSIFIERS):
        classifier.insert_before(Text(" : "))

"""Terms of definition lists."""

from turbohtml import Document, Text

# What docutils, and so Sphinx, writes the kind of a term in; its style sheet sets the colon before it.
_CLASSIFIERS = "dt > span.classifier:not(.classifier-delimiter + .classifier)"


def settle_terms(tree: Document) -> None:
    """Set a term and its kind apart, as style sheets do (docutils' "classifiers")."""
    for classifier in tree.select(_CLASSIFIERS):
        classifier.insert_before(Text(" : "))

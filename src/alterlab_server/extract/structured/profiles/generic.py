"""Pages of no special kind, and what is known of every page."""

from alterlab_server.extract.structured.profiles import reads
from alterlab_server.extract.structured.rules import Profile, Rule

GENERIC = Profile(
    name="generic",
    type="WebPage",
    schema_types=frozenset(
        {"webpage", "aboutpage", "contactpage", "profilepage", "medicalwebpage", "itempage", "videoobject"}
    ),
    rules=(
        Rule(
            "title",
            reads.title,
            ("headline", "name"),
            ("og:title", "twitter:title", "dc.title"),
            visible=reads.shown_title,
        ),
        Rule("description", reads.text, ("description",), ("og:description", "description", "dc.description")),
    ),
)

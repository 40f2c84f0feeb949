"""Articles: news, posts, documentation pages with an author or a date."""

from alterlab_server.extract.structured.profiles import reads
from alterlab_server.extract.structured.rules import Profile, Rule

TITLE = Rule(
    "title",
    reads.title,
    ("headline", "name", "title"),
    ("og:title", "twitter:title", "dc.title", "citation_title"),
    visible=reads.shown_title,
)
AUTHOR = Rule(
    "author",
    reads.person,
    ("author", "creator"),
    ("author", "article:author", "dc.creator", "citation_author", "parsely-author", "byl", "twitter:data1"),
)
PUBLISHED = Rule(
    "published_at",
    reads.date,
    ("datePublished", "dateCreated", "uploadDate"),
    (
        "article:published_time",
        "og:published_time",
        "datepublished",
        "date",
        "dc.date",
        "dc.date.issued",
        "dcterms.created",
        "citation_publication_date",
        "parsely-pub-date",
        "pubdate",
        "publishdate",
    ),
)
MODIFIED_META = ("article:modified_time", "og:updated_time", "last-modified", "dcterms.modified")
ARTICLE = Profile(
    name="article",
    type="Article",
    schema_types=frozenset(
        {
            "article", "newsarticle", "blogposting", "reportagenewsarticle", "opinionnewsarticle", "techarticle",
            "scholarlyarticle", "report", "liveblogposting", "socialmediaposting", "discussionforumposting",
            "analysisnewsarticle", "backgroundnewsarticle", "reviewnewsarticle", "advertisercontentarticle",
        }
    ),
    rules=(
        TITLE,
        AUTHOR,
        PUBLISHED,
        Rule("modified_at", reads.date, ("dateModified",), MODIFIED_META),
        Rule("description", reads.text, ("description", "abstract"), ("og:description", "description")),
        Rule("section", reads.text, ("articleSection",), ("article:section",)),
        Rule("keywords", reads.texts, ("keywords",), ("article:tag",)),
        Rule("publisher", reads.text, ("publisher",), ("og:site_name", "citation_publisher")),
        Rule("image", reads.url, ("image", "thumbnailUrl"), ("og:image", "twitter:image")),
        Rule("images", reads.images, ("image",), ("og:image", "twitter:image")),
        Rule("body", reads.text, ("articleBody",)),
        Rule("url", reads.url, ("url", "mainEntityOfPage"), ("og:url",)),
    ),
)  # fmt: skip

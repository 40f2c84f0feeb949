"""Articles: news, posts, documentation pages with an author or a date."""

from dataclasses import replace

from alterlab_server.extract.structured.page import Page
from alterlab_server.extract.structured.profiles import reads
from alterlab_server.extract.structured.rules import Profile, Rule
from alterlab_server.extract.structured.visible.byline import time_element_date

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
    ("author", "article:author", "dc.creator", "citation_author", "parsely-author", "byl"),
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
# What is known of every page, whatever its kind.
ABOUT = (TITLE, AUTHOR, PUBLISHED)


# What the page shows and embeds is asked only of articles: other pages have names and dates of other things.
_ARTICLE_AUTHOR = replace(
    AUTHOR,
    visible=lambda page: page.author,
    state=("author", "authors", "byline", "authorName"),
)
_ARTICLE_PUBLISHED = replace(
    PUBLISHED,
    visible=lambda page: page.date or time_element_date(page.document, page.language),
    state=("datePublished", "publishedAt", "published_at", "publishDate", "publicationDate", "firstPublished", "date"),
)


def _is_article(page: Page) -> bool:
    """Whether the page calls itself an article, or has a byline or a date at its heading."""
    if page.document.first_meta("og:type") == "article":
        return True
    if page.heading is None:
        return False
    return bool(page.author or page.date)


MODIFIED_META = ("article:modified_time", "og:updated_time", "last-modified", "dcterms.modified")
ARTICLE = Profile(
    name="article",
    type="Article",
    recognise=_is_article,
    schema_types=frozenset(
        {
            "article", "newsarticle", "blogposting", "reportagenewsarticle", "opinionnewsarticle", "techarticle",
            "scholarlyarticle", "report", "liveblogposting", "socialmediaposting", "discussionforumposting",
            "analysisnewsarticle", "backgroundnewsarticle", "reviewnewsarticle", "advertisercontentarticle",
        }
    ),
    rules=(
        TITLE,
        _ARTICLE_AUTHOR,
        _ARTICLE_PUBLISHED,
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

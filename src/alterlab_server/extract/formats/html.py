"""html: the body, sanitised."""

from html import escape

from turbohtml.clean import OnDisallowed, Policy, Sanitizer

from alterlab_server.extract.flow.images import image_source
from alterlab_server.extract.formats.inputs import Content

_TAGS = frozenset(
    "a abbr address article aside audio b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div"
    " dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li main mark math mfrac mi mn"
    " mo mover mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover nav ol p picture"
    " pre q rp rt ruby s samp section small source span strong sub summary sup table tbody td tfoot th thead time tr"
    " track u ul var video wbr".split()
)
_ATTRIBUTES = {
    "*": frozenset({"id", "lang", "dir", "title"}),
    "a": frozenset({"href", "rel"}),
    "img": frozenset({"src", "srcset", "alt", "width", "height"}),
    "source": frozenset({"src", "srcset", "type", "media"}),
    "video": frozenset({"src", "poster", "controls"}),
    "audio": frozenset({"src", "controls"}),
    "track": frozenset({"src", "kind", "srclang"}),
    "th": frozenset({"colspan", "rowspan", "scope", "headers"}),
    "td": frozenset({"colspan", "rowspan", "headers"}),
    "ol": frozenset({"start", "reversed", "type"}),
    "li": frozenset({"value"}),
    "time": frozenset({"datetime"}),
    "code": frozenset({"class"}),
    "pre": frozenset({"class"}),
    "details": frozenset({"open"}),
    "blockquote": frozenset({"cite"}),
    "math": frozenset({"display"}),
}
_SANITIZER = Sanitizer(
    Policy(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=frozenset({"http", "https", "mailto", "tel"}),
        allow_fragment_urls=True,
        on_disallowed_tag=OnDisallowed.STRIP,
        remove_with_content=frozenset({"script", "style", "noscript", "template", "iframe", "object", "svg"}),
    )
)


def render(content: Content) -> str:
    """The body's markup below the page's heading: no scripts, handlers or unsafe addresses, links absolute, images as
    they would load."""
    for image in content.body.select("img"):
        if source := image_source(image):
            image.attrs["src"] = source
    if content.document.base_url:
        content.body.rewrite_links(content.document.absolute)
    markup = _SANITIZER.sanitize(content.body.html).strip()
    if content.heading is None or content.body.find("h1") is not None:
        return markup
    return f"<h1>{escape(content.heading.content.text)}</h1>\n{markup}"

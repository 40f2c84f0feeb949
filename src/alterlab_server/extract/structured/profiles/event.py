"""Events."""

from alterlab_server.extract.structured.found import Found
from alterlab_server.extract.structured.normalise.amounts import amount, currency
from alterlab_server.extract.structured.normalise.availability import availability
from alterlab_server.extract.structured.page import Page
from alterlab_server.extract.structured.profiles import reads
from alterlab_server.extract.structured.profiles.places import place
from alterlab_server.extract.structured.rules import Profile, Rule, first

# Of addresses, titles and headings, by which most pages are told from events at once.
_WORDS = tuple(
    (
        "event|ticket|concert|konzert|koncert|festival|workshop|webinar|conference|konferen|lesung|"
        "veranstaltung|termin|événement|evenement|spectacle|exposition|exhibition|ausstellung|concierto|"
        "entradas|bigliett|mostra|agenda|kaarten|wydarzeni|bilet|ingresso|bilhete|kalender|calend|spettacol|"
        "what's on|whats-on"
    ).split("|")
)


def _shown_currency(page: Page) -> Found | None:
    price = page.occasion.price
    code = currency(price.text, page.country) if price else None
    return Found(code, "html", price.text) if price and code else None


def _is_event(page: Page) -> bool:
    """Whether the page is called something of an event, and looks like one."""
    return page.is_called(_WORDS) and page.occasion.is_event


EVENT = Profile(
    name="event",
    type="Event",
    schema_types=frozenset(
        {
            "event", "musicevent", "theaterevent", "sportsevent", "businessevent", "educationevent", "festival",
            "exhibitionevent", "comedyevent", "danceevent", "foodevent", "literaryevent", "screeningevent",
            "socialevent", "visualartsevent", "childrensevent", "courseinstance",
        }
    ),
    recognise=_is_event,
    rules=(
        Rule("name", reads.title, ("name",), ("og:title", "twitter:title"), visible=reads.shown_title),
        Rule(
            "date",
            reads.date,
            ("startDate", "doorTime"),
            ("event:start_time",),
            visible=lambda page: page.occasion.date,
            state=("startDate", "startsAt", "startTime", "start", "date"),
        ),
        Rule(
            "end_date",
            reads.date,
            ("endDate",),
            ("event:end_time",),
            visible=lambda page: page.occasion.end_date,
            state=("endDate", "endsAt", "endTime", "end"),
        ),
        Rule(
            "location",
            place,
            ("location",),
            visible=lambda page: page.occasion.location,
            state=("venue", "location", "place", "address"),
        ),
        Rule(
            "description",
            reads.text,
            ("description",),
            ("og:description", "description"),
            visible=lambda page: page.occasion.description,
            state=("description", "summary"),
        ),
        Rule(
            "organizer",
            reads.person,
            ("organizer",),
            visible=lambda page: page.occasion.organizer,
            state=("organizer", "host", "promoter"),
        ),
        Rule("performers", reads.texts, ("performer",)),
        Rule("price", first(amount), ("offers.price", "offers.lowPrice"), visible=lambda page: page.occasion.price),
        Rule("currency", reads.currency_code, ("offers.priceCurrency",), visible=_shown_currency),
        Rule(
            "availability",
            first(availability),
            ("offers.availability",),
            visible=lambda page: page.shop.availability,
        ),
        Rule("status", reads.text, ("eventStatus",)),
        Rule("images", reads.images, ("image",), ("og:image", "twitter:image")),
        Rule("url", reads.url, ("url",), ("og:url",)),
    ),
)  # fmt: skip

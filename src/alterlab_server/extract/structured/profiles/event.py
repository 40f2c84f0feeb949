"""Events."""

from alterlab_server.extract.structured.normalise.amounts import amount
from alterlab_server.extract.structured.normalise.availability import availability
from alterlab_server.extract.structured.profiles import reads
from alterlab_server.extract.structured.profiles.places import place
from alterlab_server.extract.structured.rules import Profile, Rule, first

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
    rules=(
        Rule("name", reads.title, ("name",), ("og:title", "twitter:title"), visible=reads.shown_title),
        Rule("date", reads.date, ("startDate", "doorTime"), ("event:start_time",)),
        Rule("end_date", reads.date, ("endDate",), ("event:end_time",)),
        Rule("location", place, ("location",)),
        Rule("description", reads.text, ("description",), ("og:description", "description")),
        Rule("organizer", reads.person, ("organizer",)),
        Rule("performers", reads.texts, ("performer",)),
        Rule("price", first(amount), ("offers.price", "offers.lowPrice")),
        Rule("currency", reads.currency_code, ("offers.priceCurrency",)),
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

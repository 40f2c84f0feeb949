"""The wire types of a scrape."""

from alterlab_server.scrape.schemas.answers import EstimateResponse, ScrapeAccepted, ScrapeResult
from alterlab_server.scrape.schemas.fields import DEFAULT_FORMATS, MAX_URL_CHARS
from alterlab_server.scrape.schemas.parts import Action, Advanced, CostControls, Location, SectionFilter
from alterlab_server.scrape.schemas.request import EstimateRequest, PageRequest, ScrapeRequest

__all__ = [
    "DEFAULT_FORMATS",
    "MAX_URL_CHARS",
    "Action",
    "Advanced",
    "CostControls",
    "EstimateRequest",
    "EstimateResponse",
    "Location",
    "PageRequest",
    "ScrapeAccepted",
    "ScrapeRequest",
    "ScrapeResult",
    "SectionFilter",
]

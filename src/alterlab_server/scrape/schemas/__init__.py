"""The wire types of a scrape."""

from alterlab_server.scrape.schemas.answers import Estimate, EstimateResponse, ScrapeAccepted, ScrapeResult
from alterlab_server.scrape.schemas.fields import ALL_TEXTS, DEFAULT_FORMATS, MAX_URL_CHARS
from alterlab_server.scrape.schemas.parts import Action, Advanced, CostControls, Location, SectionFilter
from alterlab_server.scrape.schemas.request import EstimateRequest, PageRequest, ScrapeRequest

__all__ = [
    "ALL_TEXTS",
    "DEFAULT_FORMATS",
    "MAX_URL_CHARS",
    "Action",
    "Advanced",
    "CostControls",
    "Estimate",
    "EstimateRequest",
    "EstimateResponse",
    "Location",
    "PageRequest",
    "ScrapeAccepted",
    "ScrapeRequest",
    "ScrapeResult",
    "SectionFilter",
]

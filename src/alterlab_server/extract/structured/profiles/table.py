"""The profiles by name."""

from typing import Literal

from alterlab_server.extract.structured.profiles.article import ARTICLE
from alterlab_server.extract.structured.profiles.event import EVENT
from alterlab_server.extract.structured.profiles.faq import FAQ
from alterlab_server.extract.structured.profiles.generic import GENERIC
from alterlab_server.extract.structured.profiles.job_posting import JOB_POSTING
from alterlab_server.extract.structured.profiles.listing import DIRECTORY_LISTING, ECOMMERCE_HOMEPAGE
from alterlab_server.extract.structured.profiles.product import PRODUCT
from alterlab_server.extract.structured.profiles.recipe import RECIPE
from alterlab_server.extract.structured.rules import Profile

Evidence = Literal["declared", "shown"]

PROFILES = {
    profile.name: profile
    for profile in (RECIPE, JOB_POSTING, PRODUCT, EVENT, ARTICLE, FAQ, ECOMMERCE_HOMEPAGE, DIRECTORY_LISTING, GENERIC)
}
# How `auto` finds a page's profile: the first whose type the page declares, or that it shows, in this order. What is
# often said of any page (an article, a list, a web page) stands behind what a recipe or a product shows.
RECOGNITION: tuple[tuple[Profile, Evidence], ...] = (
    (RECIPE, "declared"),
    (JOB_POSTING, "declared"),
    (PRODUCT, "declared"),
    (EVENT, "declared"),
    (RECIPE, "shown"),
    (ARTICLE, "declared"),
    (FAQ, "declared"),
    (JOB_POSTING, "shown"),
    (EVENT, "shown"),
    (PRODUCT, "shown"),
    (ECOMMERCE_HOMEPAGE, "declared"),
    (DIRECTORY_LISTING, "declared"),
    (FAQ, "shown"),
    (ARTICLE, "shown"),
    (GENERIC, "declared"),
)
# The names a caller may ask for; a page of no special kind is what `auto` falls back to.
PROFILE_NAMES = ("auto", *(name for name in PROFILES if name != GENERIC.name))

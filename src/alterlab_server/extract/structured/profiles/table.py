"""The profiles by name."""

from alterlab_server.extract.structured.profiles.article import ARTICLE
from alterlab_server.extract.structured.profiles.event import EVENT
from alterlab_server.extract.structured.profiles.faq import FAQ
from alterlab_server.extract.structured.profiles.generic import GENERIC
from alterlab_server.extract.structured.profiles.job_posting import JOB_POSTING
from alterlab_server.extract.structured.profiles.listing import DIRECTORY_LISTING, ECOMMERCE_HOMEPAGE
from alterlab_server.extract.structured.profiles.product import PRODUCT
from alterlab_server.extract.structured.profiles.recipe import RECIPE

# In the order in which they are recognised: a recipe's page is often an article too, never the other way round.
PROFILES = {
    profile.name: profile
    for profile in (RECIPE, JOB_POSTING, PRODUCT, EVENT, ARTICLE, FAQ, ECOMMERCE_HOMEPAGE, DIRECTORY_LISTING, GENERIC)
}
# The names a caller may ask for; a page of no special kind is what `auto` falls back to.
PROFILE_NAMES = ("auto", *(name for name in PROFILES if name != GENERIC.name))

"""What must stand in two places stands in both: tiers and prices, settings and their page, errors and statuses."""

from typing import get_args

from tests.shape.modules import ROOT

from alterlab_server.app.settings import Settings
from alterlab_server.base import errors
from alterlab_server.billing.prices import ADD_ON_CREDITS
from alterlab_server.fetch.tier import TIERS
from alterlab_server.scrape.schemas import Advanced
from alterlab_server.scrape.schemas.fields import TierName


def test_each_tier_has_a_price_and_dearer_ones_stand_higher() -> None:
    prices = [row.price_microcents for row in TIERS]
    assert prices == sorted(set(prices))
    assert prices[0] > 0


def test_tiers_of_the_wire_are_those_of_the_table() -> None:
    assert list(get_args(TierName)) == [row.name for row in TIERS]


def test_each_add_on_with_a_price_is_a_field() -> None:
    assert set(ADD_ON_CREDITS) <= set(Advanced.model_fields)


def test_each_setting_is_documented_and_described() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert f"`{Settings.environment_name(name)}`" in page, name


def test_error_tree_of_the_docstring_is_the_one_in_the_code() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.ServiceError)]
    drawn = [line for line in (errors.__doc__ or "").splitlines() if "──" in line]
    assert len(drawn) == len(kinds) - 1
    for kind in kinds[1:]:
        (line,) = [line for line in drawn if f"─ {kind.__name__} " in line]
        if kind is not errors.InternalError:
            assert f" {kind.status} " in line
        assert (kind.__doc__ or "").splitlines()[0]

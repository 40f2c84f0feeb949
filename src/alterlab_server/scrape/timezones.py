"""The time zone that a browser in a country shows."""

from functools import cache
from importlib import resources


def timezone_of(country: str) -> str | None:
    """The first time zone of a country (ISO 3166 alpha-2) in the IANA database's list, or None."""
    return _first_zones().get(country.upper())


@cache
def _first_zones() -> dict[str, str]:
    zones: dict[str, str] = {}
    for line in resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text().splitlines():
        if not line.startswith("#"):
            country, _, name, *_ = line.split("\t")
            zones.setdefault(country, name)
    return zones

from alterlab_server.extract.schema import filter_by_schema, parse_schema
from alterlab_server.extract.structured.profiles.table import PROFILE_NAMES
from alterlab_server.extract.structured.templates import TEMPLATES


def test_each_profile_has_a_template_that_is_a_schema():
    assert {"auto", *TEMPLATES} == set(PROFILE_NAMES)
    for template in TEMPLATES.values():
        assert parse_schema(template.schema).type == "object"
        assert template.description


def test_a_template_gives_the_fields_of_its_profile_as_they_are():
    value = {"name": "Soup", "ingredients": ["1 egg"], "rating": 4.5, "nutrition": {"calories": "9"}}
    found = filter_by_schema(value, TEMPLATES["recipe"].schema)
    assert {name: found[name] for name in value} == value
    assert found["instructions"] is None

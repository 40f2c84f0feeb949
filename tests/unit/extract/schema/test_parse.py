import pytest

from alterlab_server.base.errors import BadRequest
from alterlab_server.extract.schema import parse_schema
from alterlab_server.extract.schema.shape import Shape


def test_json_schema():
    shape = parse_schema(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": {
                "price": {"type": ["number", "null"], "description": "What it costs"},
                "tags": {"type": "array", "items": {"type": "string"}},
                "state": {"enum": ["new", "used"], "default": "new"},
            },
            "required": ["price"],
        }
    )
    assert shape.properties == {
        "price": Shape("number", description="What it costs"),
        "tags": Shape("array", items=Shape("string")),
        "state": Shape("any", enum=("new", "used"), default="new"),
    }


def test_shorthand():
    shape = parse_schema({"name": "string", "tags": ["string"], "codes": "int[]", "offer": {"price": "Number"}})
    assert shape.properties == {
        "name": Shape("string"),
        "tags": Shape("array", items=Shape("string")),
        "codes": Shape("array", items=Shape("integer")),
        "offer": Shape("object", {"price": Shape("number")}),
    }


def test_a_shorthand_type_may_be_nullable():
    shape = parse_schema({"code": "string | null", "price": "null|number", "nothing": "null"})
    assert shape.properties == {"code": Shape("string"), "price": Shape("number"), "nothing": Shape("any")}


def test_the_shorthand_may_have_a_field_named_type():
    assert parse_schema({"type": "string", "name": "string"}).properties.keys() == {"type", "name"}


def test_a_shorthand_property_may_be_written_in_full():
    shape = parse_schema({"cost": {"type": "number", "description": "Product price"}})
    assert shape.properties["cost"] == Shape("number", description="Product price")


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ({"type": "number"}, Shape("number")),
        ({"type": "array", "items": {"type": "string"}}, Shape("array", items=Shape("string"))),
        ({"type": "string", "enum": ["a", "b"]}, Shape("string", enum=("a", "b"))),
        ({"type": "string", "title": "string"}, Shape("object", {"type": Shape("string"), "title": Shape("string")})),
        ({"type": "string", "price": "number"}, Shape("object", {"type": Shape("string"), "price": Shape("number")})),
    ],
)
def test_the_properties_of_a_json_schema_without_what_stands_around_them(written, shape):
    assert parse_schema({"cost": written}).properties["cost"] == shape


def test_references_and_choices_as_code_generators_write_them():
    shape = parse_schema(
        {
            "$defs": {"Offer": {"properties": {"price": {"anyOf": [{"type": "null"}, {"type": "number"}]}}}},
            "properties": {"offer": {"$ref": "#/$defs/Offer"}, "all": {"allOf": [{"$ref": "#/$defs/Offer"}]}},
        }
    )
    expected = Shape("object", {"price": Shape("number")})
    assert shape.properties == {"offer": expected, "all": expected}


@pytest.mark.parametrize(
    ("schema", "pointer", "reason"),
    [
        (None, "", "it must be an object"),
        ({}, "", "it must be an object"),
        (["string"], "", "it must be an object"),
        ({"name": "strng"}, "/name", "there is no type 'strng'"),
        ({"name": 5}, "/name", "not int"),
        ({"a/b": {"c": None}}, "/a~1b/c", "not null"),
        ({"type": "object", "properties": []}, "/properties", "properties must be an object, not list"),
        ({"type": "object", "properties": {"a": {"type": "nope"}}}, "/properties/a/type", "there is no type 'nope'"),
        ({"type": "object", "properties": {"a": {"type": 1}}}, "/properties/a/type", "a type must be a name, not int"),
        ({"type": "object", "properties": {"a": 1}}, "/properties/a", "a schema must be an object, not int"),
        ({"type": "array", "items": {"type": "nope"}}, "/items/type", "there is no type"),
        ({"properties": {"a": {"enum": "x"}}}, "/properties/a/enum", "enum must be a list, not str"),
        ({"properties": {"a": {"anyOf": []}}}, "/properties/a/anyOf", "anyOf must be a list of schemas"),
        ({"properties": {"a": {"$ref": "#/$defs/A"}}}, "/properties/a/$ref", "there is nothing at #/$defs/A"),
        ({"properties": {"a": {"$ref": "http://x.test/"}}}, "/properties/a/$ref", "only references inside the schema"),
        ({"$ref": "#/a", "a": "string"}, "/type", "the root must be an object or an array, not 'string'"),
    ],
)
def test_what_is_no_schema_is_refused_with_its_place(schema, pointer, reason):
    with pytest.raises(BadRequest) as refused:
        parse_schema(schema)
    assert refused.value.status == 400
    assert refused.value.details["pointer"] == pointer
    assert reason in refused.value.message
    assert (pointer or "its root") in refused.value.message


def test_too_many_properties_are_refused():
    with pytest.raises(BadRequest, match="more than 1000 properties"):
        parse_schema({str(n): "string" for n in range(1_001)})


def test_a_shorthand_nested_too_deep_is_refused():
    schema: object = "string"
    for _ in range(30):
        schema = {"a": schema}
    with pytest.raises(BadRequest, match="nested deeper than 20 levels"):
        parse_schema(schema)


def test_a_schema_that_refers_to_itself_ends():
    tree = {"$ref": "#", "properties": {}}
    node = {"type": "object", "properties": {"children": {"type": "array", "items": {"$ref": "#"}}}}
    assert parse_schema(node).properties["children"].type == "array"
    assert parse_schema(tree).type == "object"


def test_references_that_multiply_end():
    definitions = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 9} for n in range(15)}
    schema = {"$defs": definitions | {"d15": {"type": "object"}}, "properties": {"a": {"$ref": "#/$defs/d0"}}}
    assert parse_schema(schema).properties["a"].type in ("any", "object")


def test_a_schema_that_many_share_is_parsed_once():
    schemas = [{"properties": {f"name_{n}": {"type": "string"} for n in range(100)}} for _ in range(2)]
    assert parse_schema(schemas[0]) is parse_schema(schemas[1])
    assert parse_schema({"b": "string", "a": "string"}) is not parse_schema({"a": "string", "b": "string"})


def test_what_cannot_be_written_as_json_is_told_as_any_other_fault():
    with pytest.raises(BadRequest, match="at /name: a type must be a name"):
        parse_schema({"name": str})
    deep: object = {"type": "string"}
    for _ in range(200):
        deep = {"type": "object", "properties": {"a": deep}}
    assert parse_schema(deep).type == "object"

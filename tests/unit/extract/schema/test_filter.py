import pytest

from alterlab_server.extract.schema import filter_by_schema
from alterlab_server.extract.schema.filter import sources

PRODUCT = {
    "@type": "Product",
    "name": "Desk lamp",
    "price": 19.5,
    "currency": "EUR",
    "availability": "InStock",
    "sku": "L-7",
    "brand": "Acme",
    "rating": 4.5,
    "reviewCount": 12,
    "images": ["https://shop.test/a.jpg", "https://shop.test/b.jpg"],
    "specifications": {"Height": "40 cm", "Ship Weight": "1.2 kg"},
    "reviews": [{"author": "Ann", "rating": 5, "body": "Bright."}, {"author": "Bob", "rating": 2}],
}


@pytest.mark.parametrize(
    ("name", "kind", "value"),
    [
        ("price", "number", 19.5),
        ("Price", "number", 19.5),
        ("review_count", "integer", 12),
        ("REVIEWCOUNT", "string", "12"),
        ("in_stock", "boolean", True),
        ("available", "boolean", True),
        ("asin", "string", None),
        ("image_urls", ["string"], PRODUCT["images"]),
        ("image", "string", "https://shop.test/a.jpg"),
        ("title", "string", "Desk lamp"),
        ("reviews_count", "number", 12),
        ("cost", "number", 19.5),
        ("manufacturer", "string", "Acme"),
        ("rating_value", "number", 4.5),
        ("product_id", "string", "L-7"),
        ("height", "string", "40 cm"),
        ("ship_weight", "number", 1.2),
        ("nothing", "string", None),
    ],
)
def test_match_and_coercion(name, kind, value):
    assert filter_by_schema(PRODUCT, {name: kind}) == {name: value}


def test_the_names_of_postings_and_events():
    posting = {"title": "Baker", "company": "Ovenworks", "salary": {"min": 1}, "employment_type": ["Full-time"]}
    asked = {"company_name": "string", "job_title": "string", "pay_range": "object", "job_type": ["string"]}
    assert list(filter_by_schema(posting, asked).values()) == ["Ovenworks", "Baker", {"min": 1}, ["Full-time"]]
    event = {"name": "Organ night", "end_date": "2026-12-14", "price": 10}
    assert filter_by_schema(event, {"ends_at": "string", "ticket_price": "number"}) == {
        "ends_at": "2026-12-14",
        "ticket_price": 10,
    }


def test_the_exact_name_goes_before_its_aliases():
    assert filter_by_schema({"title": "T", "name": "N"}, {"name": "string", "title": "string"}) == {
        "name": "N",
        "title": "T",
    }


def test_a_value_that_does_not_fit_gives_way_to_the_next():
    assert filter_by_schema({"price": "on request", "amount": "$5"}, {"price": "number"}) == {"price": 5}


def test_the_description_finds_what_the_name_does_not():
    schema = {"type": "object", "properties": {"cur": {"type": "string", "description": "The currency of the price"}}}
    assert filter_by_schema(PRODUCT, schema) == {"cur": "EUR"}


@pytest.mark.parametrize(
    ("raw", "kind", "value"),
    [
        ("$99.99", "number", 99.99),
        ("1.299,00 €", "number", 1299),
        ("4.5 out of 5", "number", 4.5),
        ("12 reviews", "integer", 12),
        (True, "string", "true"),
        (3, "string", "3"),
        ("yes", "boolean", True),
        ("no", "boolean", False),
        ("OutOfStock", "boolean", False),
        ("perhaps", "boolean", None),
        ({"name": "Acme"}, "string", "Acme"),
        (["a", "b"], "string", "a, b"),
        ("a", ["string"], ["a"]),
        ("5 March 2024", "date", "2024-03-05"),
        ("none at all", "number", None),
    ],
)
def test_coercion(raw, kind, value):
    assert filter_by_schema({"x": raw}, {"x": kind}) == {"x": value}


def test_nested_objects_and_arrays():
    schema = {"reviews": [{"reviewer": "string", "author": "string", "rating": "integer"}]}
    assert filter_by_schema(PRODUCT, schema) == {
        "reviews": [{"reviewer": None, "author": "Ann", "rating": 5}, {"reviewer": None, "author": "Bob", "rating": 2}]
    }


def test_an_object_may_group_fields_that_stand_side_by_side():
    schema = {"offer": {"price": "number", "currency": "string"}, "seller": {"vat": "string"}}
    assert filter_by_schema(PRODUCT, schema) == {"offer": {"price": 19.5, "currency": "EUR"}, "seller": None}


def test_a_name_stands_for_the_object_that_has_it():
    schema = {"brand": {"name": "string", "url": "string"}, "reviews": [{"author": {"name": "string"}}]}
    assert filter_by_schema(PRODUCT, schema) == {
        "brand": {"name": "Acme", "url": None},
        "reviews": [{"author": {"name": "Ann"}}, {"author": {"name": "Bob"}}],
    }


def test_a_map_is_a_list_of_pairs():
    schema = {"specs": [{"name": "string", "value": "string"}]}
    assert filter_by_schema(PRODUCT, schema)["specs"][0] == {"name": "Height", "value": "40 cm"}


def test_an_array_at_the_root_is_the_list_the_page_is_about():
    schema = {"type": "array", "items": {"type": "object", "properties": {"author": {"type": "string"}}}}
    assert filter_by_schema(PRODUCT, schema) == [{"author": "Ann"}, {"author": "Bob"}]
    assert filter_by_schema({"author": "Ann"}, schema) == [{"author": "Ann"}]


def test_enum_format_and_default():
    schema = {
        "properties": {
            "availability": {"type": "string", "enum": ["instock", "outofstock"]},
            "date": {"type": "string", "format": "date"},
            "colour": {"type": "string", "default": "any"},
        }
    }
    value = {"availability": "InStock", "date": "2024-03-05T07:08:09Z"}
    assert filter_by_schema(value, schema) == {"availability": "instock", "date": "2024-03-05", "colour": "any"}


def test_large_values_and_schemas_end():
    value: dict = {}
    for n in range(5_000):
        value = {f"k{n}": value, "x": 1}
    schema = {f"p{n}": "string" for n in range(200)}
    assert set(filter_by_schema(value, schema).values()) == {None}


def test_an_object_that_is_not_described_takes_all_fields():
    assert filter_by_schema(PRODUCT, {"type": "object"}) == PRODUCT


def test_fields_that_no_property_names():
    numbers = {"type": "object", "patternProperties": {"^r": {"type": "number"}}}
    assert filter_by_schema(PRODUCT, numbers) == {"rating": 4.5, "reviewCount": 12}
    kilos = {"type": "object", "additionalProperties": {"type": "number"}}
    assert filter_by_schema(PRODUCT, {"properties": {"specs": kilos}}) == {"specs": {"Height": 40, "Ship Weight": 1.2}}
    both = {"properties": {"height": {"type": "string"}}, "additionalProperties": {"type": "string"}}
    assert filter_by_schema(PRODUCT["specifications"], both) == {
        "height": "40 cm",
        "Height": "40 cm",
        "Ship Weight": "1.2 kg",
    }


@pytest.mark.parametrize("pattern", ["(a+)+$", "(?=x)x", "a*a*a*a*b", "(", "x" * 200])
def test_a_pattern_that_is_costly_or_none_names_every_field(pattern):
    value = {"a" * 60: "1", "b" * 100: "2"}
    assert filter_by_schema(value, {"type": "object", "patternProperties": {pattern: {"type": "integer"}}}) == {
        "a" * 60: 1,
        "b" * 100: 2,
    }


MONEY = {"type": "object", "properties": {"amount": {"type": "number"}, "currency": {"type": "string"}}}


@pytest.mark.parametrize(
    ("raw", "schema", "value"),
    [
        ("19.5", {"type": ["number", "string"]}, "19.5"),
        ("19.5", {"anyOf": [{"type": "number"}, {"type": "null"}]}, 19.5),
        ("on request", {"anyOf": [{"type": "number"}, {"type": "string"}]}, "on request"),
        (["a", "b"], {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}, ["a", "b"]),
        ({"amount": "5", "currency": "EUR"}, {"anyOf": [{"type": "string"}, MONEY]}, {"amount": 5, "currency": "EUR"}),
        ("In Stock", {"oneOf": [{"const": "in_stock"}, {"const": "out_of_stock"}]}, "in_stock"),
        ("new", {"allOf": [{"enum": ["NEW", "USED"]}], "description": "condition"}, "NEW"),
        (["5"], {"allOf": [{"type": "array", "items": {"type": "integer"}}]}, [5]),
        ("whatever", {"const": "product"}, "product"),
        (None, {"const": "product"}, "product"),
        ("2024-03-05", {"type": "string", "format": "date-time"}, "2024-03-05T00:00:00Z"),
        ("1 hr 20 min", {"type": "string", "format": "duration"}, "PT1H20M"),
        ("PT1H20M", {"type": "integer"}, 80),
        ("evet", {"type": "boolean"}, True),
        ("нет", {"type": "boolean"}, False),
        ("InStoreOnly", {"type": "boolean"}, True),
        ("Discontinued", {"type": "boolean"}, False),
        ("99999999999999999999", {"type": "integer"}, None),
    ],
)
def test_alternatives_combinations_and_formats(raw, schema, value):
    assert filter_by_schema({"x": raw}, {"properties": {"x": schema}}) == {"x": value}


def test_what_an_object_requires_does_not_take_its_properties():
    schema = {"type": "object", "properties": {"price": {"type": "number"}}, "anyOf": [{"required": ["price"]}]}
    assert filter_by_schema(PRODUCT, schema) == {"price": 19.5}


def test_the_alternative_at_the_root_that_says_most():
    schema = {"anyOf": [{"properties": {"nothing": {}}}, {"properties": {"name": {}, "sku": {}}}]}
    assert filter_by_schema(PRODUCT, schema) == {"name": "Desk lamp", "sku": "L-7"}


@pytest.mark.parametrize(
    ("description", "value"),
    [
        ("The price of the product", "19.5"),
        ("Price in euros", "19.5"),
        ("What is the product's brand?", "Acme"),
        ("name of the seller", None),
        ("The shipping price", None),
        ("the price of shipping", None),
    ],
)
def test_a_description_speaks_of_a_field(description, value):
    schema = {"properties": {"x": {"type": "string", "description": description}}}
    assert filter_by_schema(PRODUCT, schema) == {"x": value}


def test_an_array_of_objects_is_the_list_of_the_page_that_fills_it_best():
    lists = [[{"name": "A"}, {"name": "B"}], [{"Model": "X1", "Price": "$5"}, {"Model": "X2", "Price": "$7"}]]
    schema = {"properties": {"lamps": {"items": {"properties": {"model": {}, "price": {"type": "number"}}}}}}
    assert filter_by_schema({"name": "Lamps"}, schema, lists) == {
        "lamps": [{"model": "X1", "price": 5}, {"model": "X2", "price": 7}]
    }
    rare = {"properties": {"x": {"items": {"properties": {"name": {}, "age": {}, "height": {}}}}}}
    assert filter_by_schema({"title": "Lamps"}, rare, lists) == {"x": None}


def test_the_field_that_each_property_came_from():
    schema = {"properties": {"cost": {"type": "number"}, "height": {}, "nothing": {}}}
    assert sources(PRODUCT, schema) == {"cost": "price", "height": "specifications"}

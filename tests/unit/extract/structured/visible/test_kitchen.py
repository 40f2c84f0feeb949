import pytest

from alterlab_server.extract.document import Document
from alterlab_server.extract.structured.page import Page


def kitchen(body: str):
    return Page(Document(f"<title>Soup</title><h1>Soup</h1>{body}")).kitchen


INGREDIENTS = "<ul><li>1 onion</li><li><span>2</span> cups <b>water</b></li></ul>"
STEPS = "<ol><li>Chop the onion as finely as you can.</li><li>Boil it in the water for an hour.</li></ol>"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ingredients", "Directions"),
        ("Zutaten für 4 Personen", "Zubereitung"),
        ("INGRÉDIENTS :", "Préparation"),
        ("Ingredients<button>1x</button>", "Method"),
        ("材料", "作り方"),
        ("Υλικά", "Εκτέλεση"),
    ],
)
def test_lists_under_their_headings(first, second):
    found = kitchen(f"<h2>{first}</h2>{INGREDIENTS}<h2>{second}</h2>{STEPS}<h2>Notes</h2><ul><li>Serve hot.</li></ul>")
    assert found.is_recipe
    assert found.ingredients.value == ["1 onion", "2 cups water"]
    assert found.instructions.value == ["Chop the onion as finely as you can.", "Boil it in the water for an hour."]


def test_lists_need_no_list_elements():
    found = kitchen(
        "<p>Ingredients</p><p>1 onion</p><p>2 cups water</p>"
        "<p>Method</p><p>Step 1</p><p>Chop the onion as finely as you can.</p>"
    )
    assert found.ingredients.value == ["1 onion", "2 cups water"]
    assert found.instructions.value == ["Chop the onion as finely as you can."]


def test_groups_of_ingredients_are_one_list():
    found = kitchen(
        f"<h3>Ingredients for the soup</h3>{INGREDIENTS}<h3>Ingredients for the top</h3><ul><li>Salt</li></ul>"
    )
    assert found.ingredients.value == ["1 onion", "2 cups water", "Salt"]


def test_quantities_are_known_without_a_heading():
    found = kitchen(
        "<ul><li>Home</li><li>About</li></ul><p>For two:</p><ul><li>1 onion</li><li>½ l water</li><li>salt</li></ul>"
    )
    assert found.ingredients.value == ["1 onion", "½ l water", "salt"]
    assert not found.is_recipe


def test_labels_for_times_servings_and_author():
    found = kitchen("<p>Prep time: 10 min</p><p>Cook time</p><p>1 hr 5 min</p><p>Serves 4</p><p>By</p><p>Ann Cook</p>")
    assert (found.time("prep_time").value, found.time("cook_time").value) == ("PT10M", "PT1H5M")
    assert (found.servings.value, found.author.value) == ("4", "Ann Cook")
    assert found.time("total_time") is None


@pytest.mark.parametrize(
    ("line", "servings"),
    [
        ("Für 4 Personen", "4 Personen"),
        ("4 servings", "4 servings"),
        ("Ideal pour 2 personnes", None),
        ("Per 2 persone", "Per 2 persone"),
        ("Serves 4 to 6 people", "4 to 6 people"),
    ],
)
def test_servings_in_a_line_of_their_own(line, servings):
    found = kitchen(f"<p>{line}</p>").servings
    assert (found.value if found else None) == servings


@pytest.mark.parametrize(
    "body",
    [
        "<p>Ingredients</p>" * 5_000,
        "<ul><li>" * 300 + "1 x" + "<li>2 y" * 20_000,
        "<ol>" * 400 + "<li>1 egg</li>" * 5_000,
    ],
    ids=["headings", "items", "nesting"],
)
def test_hostile_pages_end(body):
    found = kitchen(body)
    assert found.is_recipe is False

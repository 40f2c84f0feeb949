"""Questions with their answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from alterlab_server.extract.structured.graph import as_list
from alterlab_server.extract.structured.normalise.text import plain
from alterlab_server.extract.structured.page import Page
from alterlab_server.extract.structured.profiles import reads
from alterlab_server.extract.structured.rules import Profile, Rule

MAX_QUESTIONS = 300


def _pair(value: Any) -> dict[str, str] | None:
    if not isinstance(value, Mapping):
        return None
    question = plain(value.get("name")) or plain(value.get("text"))
    answers = as_list(value.get("acceptedAnswer")) or as_list(value.get("suggestedAnswer"))
    texts = (plain(a.get("text") or a.get("name")) if isinstance(a, Mapping) else plain(a) for a in answers)
    answer = next((text for text in texts if text), None)
    return {"question": question, "answer": answer} if question and answer else None


def questions(values: Sequence[Any], _: Page) -> list[dict[str, str]]:
    """The questions that have an answer."""
    return [pair for value in values[:MAX_QUESTIONS] if (pair := _pair(value))]


FAQ = Profile(
    name="faq",
    type="FAQPage",
    schema_types=frozenset({"faqpage", "qapage"}),
    rules=(
        Rule("title", reads.title, ("name", "headline"), ("og:title", "twitter:title"), visible=reads.shown_title),
        Rule("questions", questions, ("mainEntity", "hasPart", "itemListElement")),
        Rule("description", reads.text, ("description",), ("og:description", "description")),
        Rule("url", reads.url, ("url",), ("og:url",)),
    ),
)

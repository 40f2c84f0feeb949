"""Questions with their answers."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from alterlab_server.extract.structured.graph import as_list
from alterlab_server.extract.structured.normalise.text import plain
from alterlab_server.extract.structured.page import Page
from alterlab_server.extract.structured.profiles import reads
from alterlab_server.extract.structured.rules import Profile, Rule

MAX_QUESTIONS = 300
MIN_QUESTIONS = 2
_NAMED = re.compile(
    r"\bFAQs?\b|frequently asked|häufig(?:e|\s+gestellte)\s+fragen|foire aux questions|questions fréquentes|"
    r"(?:najczęściej|często) zadawane pytania|"
    r"preguntas frecuentes|domande frequenti|perguntas frequentes|veelgestelde vragen|"
    r"よくある(?:ご)?質問|常见问题|الأسئلة الشائعة",
    re.IGNORECASE,
)


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


def _shows_questions(page: Page) -> bool:
    """Whether the page is called a list of questions, and shows some with their answers."""
    if not _NAMED.search(f"{page.heading or ''} {page.titles}"):
        return False
    return page.questions is not None and len(page.questions.value) >= MIN_QUESTIONS


FAQ = Profile(
    name="faq",
    type="FAQPage",
    schema_types=frozenset({"faqpage", "qapage"}),
    rules=(
        Rule("title", reads.title, ("name", "headline"), ("og:title", "twitter:title"), visible=reads.shown_title),
        Rule(
            "questions",
            questions,
            ("mainEntity", "hasPart", "itemListElement"),
            visible=lambda page: page.questions,
        ),
        Rule("description", reads.text, ("description",), ("og:description", "description")),
        Rule("url", reads.url, ("url",), ("og:url",)),
    ),
    recognise=_shows_questions,
)

"""Questions and answers as a page shows them: disclosures, and headings or terms that ask."""

from collections.abc import Iterator
from itertools import islice

from turbohtml import Element, PlainText, Text

from alterlab_server.extract.body.blocks import BLOCK_TAGS
from alterlab_server.extract.document import Document
from alterlab_server.extract.structured.found import Found
from alterlab_server.extract.structured.normalise.text import squeeze
from alterlab_server.extract.structured.visible.sections import is_bold_line

MAX_QUESTIONS = 300
MAX_QUESTION = 300
# Of what may ask so many are looked at, and of what stands behind each so many nodes: hostile pages have no answers.
MAX_ASKING, MAX_BEHIND = 2_000, 100
_HEADINGS = ("h2", "h3", "h4", "h5", "h6", "dt")
# What asks where it is written so: a line in bold, the control that unfolds its answer, an element named for it.
_LINES = ("strong", "b", "button")
_CANDIDATES = ",".join(["summary", *_HEADINGS, *_LINES, '[class*="question" i]'])
_LAYOUT = PlainText(bullet="")
_QUESTION_MARKS = ("?", "？", "؟")
# A question may stand in a box of its own beside that of its answer.
_LEVELS = 3


def shown_questions(document: Document) -> Found | None:
    """The pairs of question and answer in their order; None for a page without."""
    pairs = list(islice(_pairs(document), MAX_QUESTIONS))
    found = [{"question": question, "answer": answer} for question, answer in dict(pairs).items()]
    return Found(found, "html", found[0]["question"]) if found else None


def _pairs(document: Document) -> Iterator[tuple[str, str]]:
    for element in document.tree.select(_CANDIDATES)[:MAX_ASKING]:
        question = squeeze(element.text)
        asks = element.tag == "summary" or question.endswith(_QUESTION_MARKS)
        if question and asks and len(question) <= MAX_QUESTION and (answer := _answer(element)):
            yield question, answer


def _answer(question: Element) -> str:
    """What stands behind a question, up to the next."""
    place: Element = question
    for _ in range(1 if question.tag == "summary" else _LEVELS):
        if said := squeeze("".join(_said_behind(place))):
            return said
        if not isinstance(place.parent, Element) or place.parent.tag == "body":
            break
        place = place.parent
    return ""


def _said_behind(place: Element) -> Iterator[str]:
    for node in islice(place.next_siblings, MAX_BEHIND):
        if isinstance(node, Element):
            if _ends_answer(node):
                return
            yield f" {node.to_text(_LAYOUT)} " if node.tag in BLOCK_TAGS else node.text
        elif isinstance(node, Text):
            yield node.data


def _ends_answer(element: Element) -> bool:
    """Whether an element is or holds a heading or the next question."""
    if element.tag in ("h1", *_HEADINGS) or element.find(list(_HEADINGS)) is not None or is_bold_line(element):
        return True
    lines = islice(element.iter_elements(_LINES, include_self=True), MAX_BEHIND)
    asks = any(line.text.rstrip().endswith(_QUESTION_MARKS) for line in lines)
    return asks or "question" in (element.attr("class") or "").lower()

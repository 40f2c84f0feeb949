import pytest

from alterlab_server.extract.document import Document
from alterlab_server.extract.structured.page import Page
from alterlab_server.extract.structured.visible.byline import shown_author, shown_date, time_element_date


def page(body: str, language: str = "en") -> Page:
    return Page(Document(f'<html lang="{language}"><title>Rain again</title><p>Menu</p><h1>Rain again</h1>{body}'))


@pytest.mark.parametrize(
    ("body", "author"),
    [
        ("<p>By Ann Writer</p>", "Ann Writer"),
        ("<p>by: Ann Writer, Dec 17, 2025</p>", "Ann Writer"),
        ("<p>Written by</p><p>Ann Writer</p>", "Ann Writer"),
        ("<p>Von Anna Schreiber | 5. März 2024</p>", "Anna Schreiber"),
        ('<a rel="author" href="/ann">Ann Writer</a>', "Ann Writer"),
        ('<div class="post-byline"><span>By Ann Writer on 5 March</span></div>', "Ann Writer"),
        ("<p>By the time it rained, we had gone home and shut the windows.</p>", None),
        ("<p>By day</p>", None),
        ('<a rel="author">By</a>', None),
        ("<p>Verfasst von Anna Schreiber</p>", "Anna Schreiber"),
        ("<p>記者：山田太郎</p>", "山田太郎"),
        ("<p>作者：王小明　来源：新华网　2024-05-03 10:30</p>", "王小明"),
        ('<p class="byline">김철수 기자</p>', "김철수"),
        ('<p class="byline">بقلم أحمد علي</p>', "أحمد علي"),
        ("", None),
    ],
)
def test_author(body, author):
    read = page(body)
    found = shown_author(read.document, read.lines, read.heading_line)
    assert (found.value if found else None) == author


@pytest.mark.parametrize(
    ("body", "language", "date"),
    [
        ("<p>Published on March 5, 2024</p>", "en", "2024-03-05"),
        ("<p>5. März 2024 um 12 Uhr</p>", "de", "2024-03-05"),
        ("<p>05.03.2024</p>", "de", "2024-03-05"),
        ("<p>2024年3月5日</p>", "ja", "2024-03-05"),
        ("<p>2024-03-05</p>", "", "2024-03-05"),
        ("<p>Reuters 2024-03-05 10:30</p>", "en", "2024-03-05"),
        ("<p>2024. 3. 5. 10:30</p>", "ko", "2024-03-05"),
        ("<p>2024년 3월 5일</p>", "ko", "2024-03-05"),
        ("<p>٥ مارس ٢٠٢٤</p>", "ar", "2024-03-05"),
        ("<p>5 มีนาคม 2567</p>", "th", "2024-03-05"),
        ("<p>Rain fell for 5 days.</p>", "en", None),
        ("<p>a</p>" * 30 + "<p>March 5, 2024</p>", "en", None),
    ],
)
def test_date(body, language, date):
    read = page(body, language)
    found = shown_date(read.lines, read.heading_line, read.language)
    assert (found.value if found else None) == date


def test_the_date_of_a_time_element():
    found = time_element_date(page('<time datetime="2024-03-05T07:08">a while ago</time>').document, "en")
    assert (found.value, found.text) == ("2024-03-05T07:08:00", "a while ago")
    assert time_element_date(page("<time>now</time>").document, "en") is None

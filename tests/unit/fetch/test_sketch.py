from hypothesis import given
from hypothesis import strategies as st

from alterlab_server.fetch.sketch import ENOUGH_WORDS, sketch

MARKS = (
    b"< > </ <!-- --> <script </script> <title> </title <p> <noscript> </noscript> <img> <?xml &amp; \xff\xfe \x00 \" '"
)
PIECES = st.sampled_from(MARKS.split())


@given(st.lists(st.one_of(PIECES, st.binary(max_size=5)), max_size=60))
def test_any_bytes_give_a_sketch(pieces: list[bytes]) -> None:
    seen = sketch(b"".join(pieces))
    assert seen.words >= 0
    assert seen.whole


def test_what_is_seen_and_what_is_not() -> None:
    seen = sketch(
        b"<!doctype html><TITLE>A &amp; B</TITLE><style>p {}</style><script>var hidden = 'words';</script>"
        b"<!-- not shown --><noscript>no script</noscript><p>Five words <b>are</b> shown here</p><img src=x> 1 < 2"
    )
    assert seen.title == "a b"
    assert seen.text == "no script five words are shown here 1 2"
    assert (seen.words, seen.scripts, seen.media) == (9, 1, 1)
    assert seen.noscript == "no script"
    assert not seen.ends_inside


def test_counting_ends_when_it_is_enough() -> None:
    assert ENOUGH_WORDS <= sketch(b"<p>one two three</p>" * 10_000).words < ENOUGH_WORDS + 10


def test_many_tags_hide_none_that_counts() -> None:
    many = b"<p><i></i><imgs><scripts x='>'>" * 150
    seen = sketch(
        many + b"<img><noscript>please</noscript><script>no</script><b>word</b> 1 <2 <!-- no --> &amp;" + many
    )
    assert (seen.media, seen.scripts, seen.noscript) == (1, 1, "please")
    assert seen.text.replace("'>", "").split() == ["please", "word", "1", "2"]
    assert not seen.ends_inside


def test_what_comes_late_is_seen_and_what_is_long_is_cut() -> None:
    assert sketch(b"<i></i>" * 6_000 + b"late words").text == "late words"
    assert not sketch(b"<p>!</p>" * 100_000).whole
    assert len(sketch(b"<title>" + b"t" * 5_000 + b"</title>").title) == 1_000
    assert len(sketch(b"<noscript>!" * 40_000).noscript) <= 11_000

"""Markdown → HTML → our markdown → HTML gives the same HTML: one example for each construct of CommonMark."""

import pytest
from markdown_it import MarkdownIt
from tests.support.markdown import again, normal

from alterlab_server.extract.document import Document

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])

EXAMPLES = {
    "paragraphs": "one\n\ntwo\nthree",
    "hard break by spaces": "one  \ntwo",
    "hard break by backslash": "one\\\ntwo",
    "headings": "# a\n\n## b\n\n### c\n\n#### d\n\n##### e\n\n###### f",
    "setext headings": "Title\n=====\n\nPart\n----",
    "heading that ends with hashes": "# C\\#\n\n# a \\#\\#",
    "heading with markup": "# a *b* **c** `d` [e](/f)",
    "seven hashes are text": "####### no",
    "hash without a space": "#no\n\n#5 bolt",
    "thematic break": "a\n\n---\n\nb",
    "dashes that are text": "\\- - -\n\n\\---",
    "indented code": "    a\n      b\n\n    c",
    "fenced code": "```\na\n  b\n\nc\n```",
    "fenced code with a language": "```ruby\nputs 1\n```",
    "code that holds fences": "````\n```\nx\n```\n````",
    "code with html": "```html\n<p>&amp;</p>\n```",
    "quote": "> a\n> b\n>\n> c",
    "nested quote": "> a\n>\n> > b\n> > > c",
    "quote with list and code": "> - a\n>\n>   b\n>\n> ```\n> c\n> ```",
    "tight list": "- a\n- b\n- c",
    "loose list": "- a\n\n- b\n\n- c",
    "ordered list": "1. a\n2. b\n3. c",
    "ordered list that starts later": "7. a\n8. b",
    "ordered list from zero": "0. a\n1. b",
    "nested lists": "- a\n  - b\n    - c\n  - d\n- e",
    "ordered in bulleted": "- a\n  1. b\n  2. c\n- d",
    "bulleted in ordered": "1. a\n   - b\n     - c\n2. d",
    "list item with paragraphs": "- a\n\n  b\n\n- c",
    "list item with code": "- a\n\n  ```\n  b\n  ```\n\n- c",
    "list item with quote": "- a\n\n  > b\n\n- c",
    "list item with heading": "- # a\n- b",
    "two lists in a row": "- a\n- b\n\n* c\n* d",
    "two ordered lists in a row": "1. a\n2. b\n\n1) c\n2) d",
    "three lists in a row": "- a\n\n* b\n\n- c",
    "list starting with a list": "- - a\n  - b\n- c",
    "item that begins with a number": "- 1\\. a\n- 2\\. b",
    "emphasis": "*a* _b_ **c** __d__ ***e***",
    "emphasis within words": "un*frigging*believable and 2**3**4",
    "underscores within words": "snake_case_name and _emphasis_",
    "nested emphasis": "*a **b** c* and **d *e* f**",
    "emphasis at edges of emphasis": "***a** b* *c **d***",
    "emphasis beside punctuation": "*(a)* **\"b\"** (*c*) **d**.",
    "emphasis with a link": "*[a](/b)* **[c](/d) e**",
    "stars that are text": "2 * 3 * 4, \\*not\\* and a\\*b",
    "underscores that are text": "\\_not\\_ and a \\_",
    "strikethrough": "~~a~~ b",
    "tildes that are text": "a \\~~b\\~~",
    "code span": "`a` and ``b`c`` and `` `d` ``",
    "code span with backslash": "`a\\b`",
    "code span with markup": "`*a* <b> [c](d)`",
    "backticks that are text": "a \\` b \\`\\`c",
    "link": "[a](/b)",
    "link with title": '[a](/b "c")',
    "link with quotes in its title": '[a](/b "c \\"d\\"")',
    "link with spaces": "[a](</b c>)",
    "link with parentheses": "[a](/b(c)d)",
    "link with an odd parenthesis": "[a](</b(c>)",
    "link with emphasis": "[a *b* `c`](/d)",
    "link with brackets": "[a \\[b\\] c](/d)",
    "link with an image": "[![a](/b)](/c)",
    "link within words": "a[b](/c)d",
    "two links side by side": "[a](/b)[c](/d)",
    "reference link": "[a][b] and [b]\n\n[b]: /c 'd'",
    "autolink": "<https://example.com/a?b=c&d=e>",
    "mail link": "[a](mailto:b@c.de)",
    "brackets that are text": "[a] and [b]: c and a\\](d) and [e]\\(f)",
    "image": "![a](/b)",
    "image within text": "a ![b](/c) d",
    "image with title": '![a](/b "c")',
    "image with brackets": "![a \\[b\\]](/c)",
    "exclamation before a link": "a\\![b](/c)",
    "entities": "&copy; &amp;amp; &lt;b&gt; &#35;",
    "tags that are text": "\\<b> and a \\< b and 1 < 2",
    "backslashes": "a\\\\b and \\\\* and C:\\dir",
    "escapes of all kinds": "\\!\\\"\\#\\$\\%\\&\\'"
    "\\(\\)\\*\\+\\,\\-\\.\\/\\:\\;\\<\\=\\>\\?\\@\\[\\\\\\]\\^\\_\\`\\{\\|\\}\\~",
    "line starts that are text": "\\# a\n\n\\> b\n\n\\+ c\n\n1\\. d\n\n1\\) e\n\n\\=\n\na\\\n\\---",
    "number without a dot's space": "1.5 and 2019.a",
    "table": "| a | b |\n| --- | --- |\n| c | d |",
    "table with alignment": "| a | b | c |\n| :-- | --: | :-: |\n| d | e | f |",
    "table with markup": "| *a* | `b` |\n| --- | --- |\n| [c](/d) | **e** |",
    "table with pipes": "| a \\| b | c |\n| --- | --- |\n| `d\\|e` | f |",
    "table with empty cells": "| a | b |\n| --- | --- |\n|  | c |",
    "unicode": "Füße — „Zitat“ *«é»* 中文**强调**中文",
    "emphasis across punctuation": "**a**b and a**b** and *a*,*b*",
}  # fmt: skip
# What has no content is dropped, raw HTML is read for what it is, and a blank line that opens code is an accident of
# its page far more often than meant.
EXCEPTIONS = {
    "a blank first line of code": "```\n\n  a\n```",
    "an empty item": "- a\n-\n- c",
    "an empty heading": "#\n\na",
    "an empty link": "[](/a)",
    "raw html": "<article>\n\na\n\n</article>",
    "emphasis of the same kind within": "*a *b* c*",
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_survive(name: str) -> None:
    html = PARSER.render(EXAMPLES[name])
    markdown = again(html)
    assert normal(PARSER.render(markdown)) == normal(html), markdown


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_exceptions_keep_their_words(name: str) -> None:
    html = PARSER.render(EXCEPTIONS[name])
    words = Document(html).tree.find("body").text.split()
    assert Document(PARSER.render(again(html))).tree.find("body").text.split() == words

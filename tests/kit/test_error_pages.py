"""Error pages are said when little else works: without a database, a session or a context."""

import pytest
from django.template.loader import get_template
from django.utils import translation

from kit.csp import style_hash

PAGES = ["400", "403", "404", "500", "403_csrf", "errors/409", "errors/429", "errors/offline"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", PAGES)
def test_error_page_stands_alone(name, language):
    with translation.override(language):
        page = get_template(f"{name}.html").render()
    assert "<h1" in page
    assert "<script" not in page


def test_refusal_page_says_the_words_and_the_number_to_report():
    page = get_template("errors/refusal.html").render(
        {"words": "Not sold on <Sundays>", "status": 409, "fields": {"day": ["Sunday"]}, "request_id": "01a2"}
    )
    assert "Not sold on &lt;Sundays&gt;" in page
    assert "Sunday</p>" in page
    assert "01a2" in page


def test_style_hash_is_that_of_the_bytes_a_browser_sees(tmp_path):
    piece = tmp_path / "_css.html"
    piece.write_text("p{color:red}")
    assert style_hash(piece) == "'sha256-p0bF+un5yUb9MBO6xRb8kPHlY2BdpHVtLiFkDrZPF64='"

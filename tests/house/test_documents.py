"""The documents point at what exists: a reader who follows a link arrives."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\[(?P<words>[^\]]*)\]\((?P<target>[^)#\s]+)(?:#[^)]*)?\)")
NAME = re.compile(r"`(?P<name>[a-z_][a-z0-9_]*)`")


def links(document):
    text = document.read_text(encoding="utf-8")
    return [(found["words"], found["target"]) for found in LINK.finditer(text) if "://" not in found["target"]]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_link_leads_to_a_file(document):
    missing = [target for _words, target in links(document) if not (document.parent / target).exists()]
    assert missing == []


def test_every_line_of_the_journeys_points_at_a_function_that_exists():
    document = ROOT / "docs" / "journeys.md"
    named = [(NAME.fullmatch(words), target) for words, target in links(document)]
    functions = [(found["name"], document.parent / target) for found, target in named if found]
    assert len(functions) > 30
    gone = [
        f"{name} in {file.name}"
        for name, file in functions
        if not re.search(rf"^(?:async )?(?:def|class) {name}\b", file.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert gone == []


def test_the_two_readmes_have_the_same_parts():
    """One heading, picture and link after another: what one language tells, the other tells too."""
    english, chinese = (
        (ROOT / name).read_text(encoding="utf-8").replace("README.zh-CN.md", "").replace("README.md", "")
        for name in ("README.md", "README.zh-CN.md")
    )
    for part in (r"^#+ ", r"\]\(([^)]*)\)", r"^```"):
        assert len(re.findall(part, english, re.MULTILINE)) == len(re.findall(part, chinese, re.MULTILINE))
    assert re.findall(r"\]\(([^)]*)\)", english) == re.findall(r"\]\(([^)]*)\)", chinese)

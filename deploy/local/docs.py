"""Links between the project's documents that lead nowhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]+)\]\((?P<target>[^)\s]+)\)|!\[[^\]]*\]\((?P<image>[^)\s]+)\)")
SKIPPED = {"var", "node_modules", ".git"}


def broken_links(root: Path) -> Iterator[str]:
    """`file: target` for each relative link without a file, and for each `[name()](file.py)` without that function."""
    for document in sorted(root.rglob("*.md")):
        if SKIPPED & set(document.relative_to(root).parts):
            continue
        for link in LINK.finditer(document.read_text(encoding="utf-8")):
            target = link["target"] or link["image"]
            if "://" in target or target.startswith(("#", "mailto:", "/")):
                continue
            file = document.parent / target.partition("#")[0]
            if not file.exists() or not names_something(link["text"] or "", file):
                yield f"{document.relative_to(root)}: {link[0]}"


def names_something(text: str, file: Path) -> bool:
    """A link whose text is code, such as `admit()`, must name a function or class of the file it leads to."""
    code = re.fullmatch(r"`(?:\w+\.)*(\w+)\(\)`", text)
    if code is None or file.suffix != ".py":
        return True
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return any(isinstance(node, kinds) and node.name == code[1] for node in ast.walk(ast.parse(file.read_text())))

"""Who may import whom, who may write, and how long a file may grow."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

from deploy.local.venv import ROOT
from tests.house.packages import DOMAIN, PACKAGES, python_files, short

DOORS = [file for file in python_files(*DOMAIN) if {"web", "api"} & set(file.parts)]
INNER = [file for file in python_files(*DOMAIN) if {"services", "selectors", "models"} & set(file.parts)]
WRITES = {
    "save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "raw",
}  # fmt: skip
LONGEST = 400
DRAWERS = {"utils", "helpers", "common", "misc", "views"}


def test_packages_and_layers_know_only_what_is_below_them():
    """The contracts of import-linter in pyproject.toml."""
    lint = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(cache_dir=None))"
    done = subprocess.run([sys.executable, "-c", lint], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_doors_do_not_write():
    """Every write is one service, so that a page, the API, a device and a job cannot disagree."""
    found = [
        f"{short(file)}:{node.lineno} {ast.unparse(node.func)}"
        for file in DOORS
        for node in nodes(file, ast.Call)
        if writes(node)
    ]
    assert found == []


def writes(call: ast.Call) -> bool:
    """`Batch.objects.create(…)`, `row.save()`; a plain dict may `update()`, a cache may `delete()`."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in WRITES:
        return False
    target = ast.unparse(call.func.value)
    if call.func.attr == "update":
        return "objects" in target or "filter(" in target
    return call.func.attr != "delete" or "cache" not in target


def test_services_selectors_and_models_know_nothing_of_http():
    found = [
        f"{short(file)}:{node.lineno} {node.module}"
        for file in INNER
        for node in nodes(file, ast.ImportFrom)
        if (node.module or "").startswith(("django.http", "django.shortcuts"))
    ]
    assert found == []


def nodes(file: Path, kind: type[ast.AST]) -> list[Any]:
    return [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, kind)]


def test_files_stay_short():
    long = {
        short(file): len(file.read_text().splitlines()) for file in python_files(*PACKAGES, "tests", "deploy", "bench")
    }
    assert {name: lines for name, lines in long.items() if lines > LONGEST} == {}


def test_no_utility_drawers():
    assert [short(file) for file in python_files(*PACKAGES) if file.stem in DRAWERS] == []

"""Paper: a typst template and plain data become PDF, SVG or PNG.

Data travels as one JSON string and is read by the template as values, so nothing a person typed
is ever typst source. Templates import `/kit/typst/base.typ`, which holds the fonts and the data.
"""

import functools
import importlib.util
import json
import threading
from pathlib import Path
from typing import Any

import typst

Template = Path | bytes
"""A file below ROOT, or typst source."""

ROOT = Path(__file__).resolve().parent.parent
FAMILIES = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans SC",
    "HarmonyOS Sans SC",
    "MiSans",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
)
_PACKAGED = "noto_cjk_sans_otc"
_compilers = threading.local()


class NoFontError(RuntimeError):
    """No font on this machine has Chinese characters."""

    def __init__(self) -> None:
        super().__init__(
            "No Chinese font was found: install Noto Sans CJK on the system, or `pip install noto-cjk-sans-otc`."
        )


def pdf(template: Template, data: dict[str, Any]) -> bytes:
    """`template` typeset with `data` (JSON values only). Raises NoFontError."""
    return _joined(_compile(template, data, format="pdf", pdf_tags=False))


def svg(template: Template, data: dict[str, Any]) -> str:
    """The one page of `template` as SVG; letters are outlines, so no font is needed to show it."""
    return _joined(_compile(template, data, format="svg")).decode()


def png(template: Template, data: dict[str, Any], *, ppi: float) -> bytes:
    """The one page of `template` as PNG at `ppi` pixels an inch."""
    return _joined(_compile(template, data, format="png", ppi=ppi))


@functools.cache
def fonts() -> tuple[typst.Fonts, str]:
    """The fonts to set with, and the family that has Chinese. Raises NoFontError."""
    for found in _collections():
        families = set(found.families())
        family = next((name for name in FAMILIES if name in families), None)
        if family:
            return found, family
    raise NoFontError


def font_file(*, bold: bool = False) -> tuple[str, int]:
    """Path and face index of the Chinese family, for drawing on bitmaps. Raises NoFontError."""
    found, family = fonts()
    wanted = 700 if bold else 400
    faces = [
        (abs(face.weight - wanted), face.path, face.index)
        for face in found.fonts()
        if face.family == family and face.path
    ]
    if not faces:
        raise NoFontError
    _, path, index = min(faces)
    return path, index


def _collections():
    yield typst.Fonts(include_embedded_fonts=False)
    package = importlib.util.find_spec(_PACKAGED)
    if package and package.submodule_search_locations:
        folder = package.submodule_search_locations[0]
        yield typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def _compile(template: Template, data: dict[str, Any], **options: Any) -> Any:
    _, family = fonts()
    inputs = {"data": json.dumps(data, ensure_ascii=False), "family": family}
    return _compiler().compile(input=template, sys_inputs=inputs, **options)


def _compiler() -> typst.Compiler:
    """One for each thread: a compiler keeps its fonts and parsed templates, and is not shared."""
    if not hasattr(_compilers, "own"):
        found, _ = fonts()
        _compilers.own = typst.Compiler(root=str(ROOT), font_paths=found, ignore_system_fonts=True)
    return _compilers.own


def _joined(result: bytes | list[bytes]) -> bytes:
    if isinstance(result, bytes):
        return result
    (page,) = result
    return page

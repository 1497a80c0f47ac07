"""A scale's permanent memory: one JSON file, always whole.

It is written to a new file, flushed to the disk and moved over the old one, so that pulling the plug
leaves either what was before or what is after. A lock keeps a second process from using the same codes.
"""

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

Row = dict[str, Any]


class MemoryInUse(Exception):
    """Another process runs this scale."""


@dataclass
class State:
    """What a scale remembers.

    `sequence`: the highest number used. `clock_offset`: platform's time minus own, seconds. `places`,
    `batches`, `buttons`, `holds`, `buyers`: the delta so far, by token or id. `codes`: voucher codes not used
    yet. `queue`: sales without an answer, oldest first. `message`: the one message being sent, as bytes
    that are sent again until answered. `sent`: the latest answered sales. `notices`: what the operator must
    know. `stuck`: sales the platform could not read at all.
    """

    sequence: int = 0
    cursor: str | None = None
    voucher_url: str = ""
    clock_offset: float = 0.0
    places: dict[str, Row] = field(default_factory=dict)
    batches: dict[str, Row] = field(default_factory=dict)
    buttons: dict[str, Row] = field(default_factory=dict)
    holds: dict[str, Row] = field(default_factory=dict)
    buyers: dict[str, Row] = field(default_factory=dict)
    codes: list[Row] = field(default_factory=list)
    queue: list[Row] = field(default_factory=list)
    message: Row | None = None
    sent: list[Row] = field(default_factory=list)
    notices: list[Row] = field(default_factory=list)
    stuck: list[Row] = field(default_factory=list)


class Memory:
    """`state` in the file at `path`; of a `kind` with defaults for all it has. Raises MemoryInUse, and ValueError for a
    file that is not one."""

    def __init__(self, path: Path | str, kind: type[Any] = State) -> None:
        self.path = Path(path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = self._locked()
        self.state = _read(self.path, kind)

    def save(self) -> None:
        """Returns only when the disk has it."""
        new = self.path.with_name(self.path.name + ".new")
        with new.open("w", encoding="utf-8") as file:
            json.dump(asdict(self.state), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def close(self) -> None:
        self._lock.close()

    def _locked(self):
        lock = self.path.with_name(self.path.name + ".lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise MemoryInUse(str(self.path)) from error
        return lock


def _read(path: Path, kind: type[Any]) -> Any:
    if not path.exists():
        return kind()
    kept = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(kept, Mapping):
        raise ValueError(f"{path} is not a device's memory")
    known = {each.name for each in fields(kind)}
    return kind(**{name: value for name, value in kept.items() if name in known})

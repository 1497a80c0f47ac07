"""The embedded servers start, or say in one sentence why not; nothing acknowledged is ever lost."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from deploy.local import binaries
from deploy.local.keeper import found
from deploy.local.venv import ROOT

SERVERS = ("DATABASE_URL", "MIGRATE_DATABASE_URL", "BROKER_URL", "PGBIN")


class Start:
    """One `holder` process."""

    def __init__(self, folder: Path, module: str = "tests.faults.holder", **env: str) -> None:
        self.folder = folder
        clean = {name: value for name, value in os.environ.items() if name not in SERVERS}
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, str(folder)],
            cwd=ROOT,
            env={**clean, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def up(self) -> dict[str, str]:
        for line in self.process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        raise AssertionError(self.process.stderr.read())

    def refusal(self) -> str:
        """What it said when it would not start; it must be one line, without a traceback."""
        _, words = self.process.communicate(timeout=120)
        assert self.process.returncode not in {0, None}
        assert len(words.strip().splitlines()) == 1, words
        return words

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=60)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def clear_away(self) -> None:
        """Stop it, and delete data kept apart from a folder that PostgreSQL's user cannot reach."""
        if self.process.poll() is None:
            self.stop()
        if (home := found(self.folder)) != self.folder / "pg":
            shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def starts(tmp_path: Path) -> Iterator[list[Start]]:
    started: list[Start] = []
    yield started
    for start in started:
        start.clear_away()


@pytest.fixture
def begin(starts: list[Start]):
    def begin(folder: Path, **options: str) -> Start:
        starts.append(Start(folder, **options))
        return starts[-1]

    return begin


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pytest closes its folders to others, so that root's PostgreSQL keeps its data elsewhere."""
    return tmp_path / "var"


def count(env: dict[str, str]) -> int:
    with psycopg.connect(env["MIGRATE_DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")
        return connection.execute("SELECT count(*) FROM kept").fetchone()[0]


def postmaster(folder: Path) -> int:
    return int((found(folder) / "data" / "postmaster.pid").read_text().splitlines()[0])


def test_a_second_start_keeps_the_data(begin, folder):
    first = begin(folder)
    assert count(first.up()) == 1
    first.stop()

    assert count(begin(folder).up()) == 2


def test_a_start_right_after_kill_9_keeps_every_acknowledged_row(begin, folder):
    first = begin(folder)
    count(first.up())
    first.kill()

    assert count(begin(folder).up()) == 2


def test_a_start_right_after_kill_9_of_the_database_too(begin, folder):
    first = begin(folder)
    count(first.up())
    os.kill(postmaster(folder), signal.SIGKILL)
    first.kill()

    assert count(begin(folder).up()) == 2


def test_what_it_started_ends_with_it_even_by_kill_9(begin, folder):
    first = begin(folder)
    env = first.up()
    server = postmaster(folder)
    first.kill()

    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and Path(f"/proc/{server}").exists():
        time.sleep(0.1)
    assert not Path(f"/proc/{server}").exists()
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(env["BROKER_URL"]).ping()


def test_a_database_that_was_killed_is_started_again(begin, folder):
    first = begin(folder)
    env = first.up()
    count(env)
    os.kill(postmaster(folder), signal.SIGKILL)

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            assert count(env) == 2
            return
        except psycopg.OperationalError:
            time.sleep(0.2)
    pytest.fail("the database did not come back within a minute")


def test_of_two_starts_at_once_the_second_says_so(begin, folder):
    first = begin(folder)
    env = first.up()

    assert "Stop it first" in begin(folder).refusal()
    assert count(env) == 1


def test_a_path_with_spaces_and_chinese(begin, folder):
    assert count(begin(folder / "我的 文件夹" / ("a very long name " * 4)).up()) == 1


@pytest.mark.parametrize("program", ["postgres", "initdb"])
def test_pgbin_without_the_programs_is_refused(begin, folder, program):
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / program).symlink_to("/bin/true")

    assert "PGBIN" in begin(folder / "var", PGBIN=str(folder / "bin")).refusal()


def test_a_folder_that_cannot_be_written_is_named(begin):
    assert "/proc/sunshine cannot be written" in begin(Path("/proc/sunshine")).refusal()


def test_data_of_another_major_version_is_refused_and_untouched(begin, folder):
    first = begin(folder)
    first.up()
    first.stop()
    written_by = found(folder) / "data" / "PG_VERSION"
    written_by.write_text("14\n")

    words = begin(folder).refusal()

    assert "written by PostgreSQL 14" in words
    assert "pg_dump" in words
    written_by.write_text(f"{binaries.postgres().major}\n")
    begin(folder).up()


def test_no_server_at_all_is_one_sentence(begin, folder, monkeypatch):
    monkeypatch.setattr(binaries, "SYSTEM", "/nowhere/*/bin")
    monkeypatch.setattr(binaries, "WHEELS", ())
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("PGBIN", raising=False)

    with pytest.raises(binaries.Trouble, match="DATABASE_URL"):
        binaries.postgres()


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    start = Start(tmp_path_factory.mktemp("standing"))
    yield start.folder, start.up()
    start.clear_away()


class TestAStandingServer:
    """What may be asked of one start without disturbing it."""

    def test_the_passwords_are_for_their_owner_only(self, standing):
        folder, _env = standing
        assert (found(folder) / "passwords.json").stat().st_mode & 0o777 == 0o600

    def test_the_database_wants_a_password(self, standing):
        _folder, env = standing
        right = urlsplit(env["DATABASE_URL"]).password
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(env["DATABASE_URL"].replace(right, "wrong"))

    def test_the_database_listens_on_no_port(self, standing):
        _folder, env = standing
        with psycopg.connect(env["DATABASE_URL"]) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)

    def test_chinese_text_can_be_searched(self, standing):
        _folder, env = standing
        with psycopg.connect(env["MIGRATE_DATABASE_URL"]) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            assert len(connection.execute("SELECT show_trgm('朝阳农贸市场')").fetchone()[0]) == 7

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root gives its rights away")
    def test_root_hands_the_database_to_another_user(self, standing):
        folder, _env = standing
        owner = pwd.getpwuid(Path(f"/proc/{postmaster(folder)}").stat().st_uid).pw_name
        assert owner in {"postgres", "nobody"}


def test_a_taken_port_is_named(begin, folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        words = begin(folder, module="deploy.local.run", PORT=port, VAR=str(folder), DEMO="0").refusal()

    assert f"Port {port} is taken" in words


@pytest.mark.parametrize("port", ["http", "0", "70000", "８０"])
def test_a_port_that_is_none_is_refused(begin, folder, port):
    words = begin(folder, module="deploy.local.run", PORT=port, VAR=str(folder)).refusal()

    assert f"PORT={port} is not a port" in words

"""Where PostgreSQL keeps its data, and where it is found again."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from deploy.local import keeper
from deploy.local.keeper import Keeper, found, home, socket_folder


class ShutOut(Keeper):
    """A user who reaches nothing."""

    def reaches(self, path: Path) -> bool:
        return False


class TestDataKeptApart:
    """PostgreSQL's user cannot reach VAR: the data go elsewhere, and VAR says where."""

    @pytest.fixture
    def var(self, tmp_path, monkeypatch) -> Path:
        monkeypatch.setattr(keeper, "APART", tmp_path / "apart")
        return tmp_path / "var"

    shut_out = ShutOut("nobody", os.geteuid(), os.getegid())
    let_in = Keeper("-", os.geteuid(), os.getegid())

    def test_are_found_again(self, var, capsys):
        apart = home(var, self.shut_out)
        assert apart.parent.name == "apart"
        assert str(apart) in capsys.readouterr().out
        assert home(var, self.shut_out) == found(var) == apart

    def test_are_kept_when_the_user_reaches_var_later(self, var):
        apart = home(var, self.shut_out)
        assert home(var, self.let_in) == apart

    def test_of_a_deleted_var_are_neither_used_nor_touched(self, var):
        earlier = home(var, self.shut_out)
        (earlier / "data").mkdir()
        shutil.rmtree(var)
        assert home(var, self.shut_out) != earlier
        assert (earlier / "data").exists()

    def test_and_their_socket_stays_out_of_a_closed_tmpdir(self, tmp_path, monkeypatch):
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        folder = socket_folder(tmp_path / "data", self.shut_out)
        folder.rmdir()
        assert folder.parent != tmp_path

    def test_are_inside_var_for_everybody_else(self, var):
        assert home(var, self.let_in) == found(var) == var / "pg"

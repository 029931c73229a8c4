import shutil

import pytest

from oms.machine import browsers


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    """A machine without any browser."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "fetched"))
    monkeypatch.setattr(browsers, "APPLICATIONS", ())
    (tmp_path / "bin").mkdir()
    return tmp_path


def a_program(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def test_none_is_found_where_none_is(bare):
    assert browsers.find() is None


def test_the_named_one_comes_first(bare, monkeypatch):
    a_program(bare / "bin" / "chromium")
    monkeypatch.setenv("CHROMIUM", a_program(bare / "mine"))

    assert browsers.find() == str(bare / "mine")


def test_an_installed_one_is_found(bare):
    assert a_program(bare / "bin" / "chromium-browser") == browsers.find()


def test_a_fetched_one_is_found(bare):
    assert a_program(bare / "fetched" / "chromium-1200" / "chrome-linux64" / "chrome") == browsers.find()


def test_a_missing_one_is_fetched_and_named(bare, monkeypatch):
    def fetch():
        return bool(a_program(bare / "bin" / "chromium"))

    monkeypatch.setattr(browsers, "WAYS", {"nothing": lambda: False, "magic": fetch})

    assert browsers.outcome() == f"with {shutil.which('chromium')}, fetched by magic"


def test_when_no_way_works_the_tests_are_skipped_with_the_remedy(monkeypatch):
    monkeypatch.setattr(browsers, "WAYS", {"nothing": lambda: False})

    assert browsers.outcome().startswith("skipped, no Chromium on this machine: install")


def test_a_named_one_that_is_missing_is_said_and_nothing_is_fetched(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")

    assert browsers.outcome() == "skipped, for CHROMIUM=/no/such/browser is no program"

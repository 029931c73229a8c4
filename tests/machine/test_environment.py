"""Making `.venv`: what can stand in the way before anything is installed."""

import errno
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from oms.machine import environment
from oms.machine.places import CHECKOUT


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """A checkout whose environment is made by programs that do nothing."""
    shutil.copy(CHECKOUT / "requirements.lock", tmp_path)
    monkeypatch.setattr(environment, "CHECKOUT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(environment, "LOCK", tmp_path / "requirements.lock")
    monkeypatch.setattr(environment, "STAMP", tmp_path / ".venv" / "installed.txt")
    return tmp_path


@pytest.fixture
def commands(checkout, monkeypatch) -> list[list[str]]:
    """What would have been run."""
    ran = []

    def run(command):
        ran.append(command)
        environment.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        environment.PYTHON.touch()

    monkeypatch.setattr(environment, "run", run)
    return ran


def refusal(do) -> str:
    with pytest.raises(SystemExit) as end:
        do()
    assert len(str(end.value.code).splitlines()) == 1
    return str(end.value.code)


def test_it_installs_once_and_again_when_the_lock_file_changed(commands, checkout):
    environment.main()
    assert len(commands) == 2
    environment.main()
    assert len(commands) == 2

    (checkout / "requirements.lock").write_text("other==1\n")
    environment.main()

    assert len(commands) == 4


def test_another_python_of_the_same_version_makes_it_anew(commands, monkeypatch):
    environment.main()
    monkeypatch.setattr(sys, "base_prefix", "/opt/another")

    environment.main()

    assert len(commands) == 4


def test_links_to_another_python_do_not_stay(checkout, monkeypatch):
    link = environment.PYTHON
    link.parent.mkdir(parents=True)
    link.symlink_to("/opt/another/bin/python3")
    monkeypatch.setattr(environment, "run", lambda command: None)

    environment.main()

    assert not link.is_symlink()


@pytest.mark.parametrize("linked", [".venv", ".venv/bin", ".venv/lib", ".venv/lock", ".venv/installed.txt"])
def test_what_is_linked_from_elsewhere_is_left_as_it_is(commands, checkout, tmp_path_factory, linked):
    real = an_environment(tmp_path_factory.mktemp("another") / ".venv")
    theirs = contents(real)
    link = checkout / linked
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(real / link.relative_to(checkout / ".venv"))

    assert f"remove the link (rm {link})" in refusal(environment.main)
    assert (contents(real), commands) == (theirs, [])


def test_a_link_to_nothing_is_named_too(commands, checkout):
    (checkout / ".venv").symlink_to(checkout / "gone")

    assert "is a link to" in refusal(environment.main)
    assert not (checkout / "gone").exists()


def test_a_link_within_the_environment_is_its_own(commands, checkout):
    an_environment(checkout / ".venv")
    (checkout / ".venv" / "lib64").symlink_to("lib")

    environment.main()

    assert len(commands) == 2


def an_environment(venv: Path) -> Path:
    """One that was made for another lock file."""
    for folder in ("bin", "lib"):
        (venv / folder).mkdir(parents=True)
    (venv / "bin" / "python").symlink_to("/opt/another/bin/python3")
    for name in ("lock", "installed.txt"):
        (venv / name).write_text("of another checkout")
    return venv


def contents(venv: Path) -> dict[Path, str | None]:
    return {
        path: path.read_text() if path.is_file() else str(path.readlink()) if path.is_symlink() else None
        for path in venv.rglob("*")
    }


def test_uv_needs_no_pip_in_the_environment(commands, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: "/bin/uv")

    environment.main()

    assert "--without-pip" in commands[0]
    assert commands[1][:3] == ["/bin/uv", "pip", "sync"]
    assert "--require-hashes" in commands[1]


def test_without_uv_pip_installs_from_the_same_file(commands, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)

    environment.main()

    assert "--require-hashes" in commands[1]
    assert "pip" in commands[1]


def test_a_python_without_venv_names_the_package(commands, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None)

    assert "Python's venv is missing: install the package python3." in refusal(environment.main)
    assert commands == []


def test_a_disk_without_room_is_named_before_anything_is_written(commands, checkout, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=10 * 2**20))

    assert f"The disk that holds {checkout} is full" in refusal(environment.main)
    assert commands == []


def test_a_disk_that_fills_up_meanwhile_is_named(checkout):
    command = [sys.executable, "-c", "raise OSError(28, 'No space left on device')"]

    assert "is full" in refusal(lambda: environment.run(command))


def test_an_installation_that_fails_shows_why(checkout, capsys):
    command = [sys.executable, "-c", "import sys; sys.exit('no such package')"]

    assert "the reason stands above" in refusal(lambda: environment.run(command))
    assert "no such package" in capsys.readouterr().err


def test_a_checkout_that_cannot_be_written_is_named(checkout, monkeypatch):
    def refuse(*_args, **_options):
        raise OSError(errno.EROFS, "Read-only file system", str(checkout / ".venv"))

    monkeypatch.setattr(Path, "mkdir", refuse)

    assert "cannot be written (Read-only file system)" in refusal(environment.main)


def test_it_runs_on_a_bare_python(tmp_path):
    """It imports nothing that has to be installed first."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import runpy; runpy.run_path({str(environment.__file__)!r})"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr

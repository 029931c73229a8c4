import os
import shutil
import signal
import stat
import subprocess
from pathlib import Path

import psycopg
import pytest

from oms.machine import accounts, homes
from oms.machine.errors import CannotRun
from oms.machine.postgres import CLASHES, Cluster, command_of

from .conftest import needs_root


def ask(cluster: Cluster, statement: str) -> list[tuple]:
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        answer = connection.execute(statement)
        return answer.fetchall() if answer.description else []


def remember(cluster: Cluster) -> None:
    ask(cluster, "CREATE TABLE kept AS SELECT 42 AS answer")


def remembers(cluster: Cluster) -> bool:
    return ask(cluster, "SELECT answer FROM kept") == [(42,)]


def test_a_first_start_makes_a_durable_server_in_utc_and_utf8(new_cluster):
    new_cluster.start()

    names = ("fsync", "TimeZone", "server_encoding", "listen_addresses")
    shown = [ask(new_cluster, f"SHOW {name}")[0][0] for name in names]
    assert shown == ["on", "UTC", "UTF8", ""]
    assert ask(new_cluster, "SELECT lower('ÄÖÜ'), current_database()") == [("äöü", "oms")]
    assert int(ask(new_cluster, "SHOW max_connections")[0][0]) >= 200


def test_only_the_servers_account_may_enter_its_folders(cluster):
    cluster.start()

    for folder in (cluster.data, cluster.socket):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert folder.stat().st_uid == cluster.account.uid


def test_a_stop_leaves_the_data_and_nothing_else(cluster):
    cluster.start()
    remember(cluster)
    pid = cluster.postmaster()

    cluster.stop()

    assert cluster.postmaster() is None
    assert not command_of(pid).strip()
    assert not cluster.socket.exists()
    cluster.start()
    assert remembers(cluster)


def test_a_stop_waits_for_a_server_that_has_already_taken_its_file_away(cluster, monkeypatch):
    cluster.start()
    pid, kill = cluster.postmaster(), os.kill

    def kill_and_unlink(*args: int) -> None:
        kill(*args)
        cluster.pid_file.unlink(missing_ok=True)

    monkeypatch.setattr(os, "kill", kill_and_unlink)
    cluster.stop()

    assert not command_of(pid).strip()


def test_a_second_start_finds_the_server_running(cluster):
    cluster.start()
    pid = cluster.postmaster()

    Cluster("database").start()

    assert cluster.postmaster() == pid


def test_a_killed_server_starts_again_with_its_data(cluster):
    cluster.start()
    remember(cluster)
    os.kill(cluster.postmaster(), signal.SIGKILL)

    cluster.start()

    assert remembers(cluster)


def test_a_process_number_that_is_another_programs_now_does_not_prevent_the_start(cluster):
    cluster.start()
    remember(cluster)
    cluster.stop()
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n")

    cluster.start()

    assert remembers(cluster)
    assert cluster.postmaster() != os.getpid()


def test_without_looking_who_has_the_number_the_server_would_not_start(cluster, monkeypatch):
    """The control: PostgreSQL itself takes any living process of its account for a server."""
    cluster.start()
    cluster.stop()
    stranger = cluster.account.start("sleep", "60")
    (cluster.data / "postmaster.pid").write_text(f"{stranger.pid}\n{cluster.data}\n")
    cluster.account.own(cluster.data / "postmaster.pid")
    homes.make_socket_folder(cluster.name, cluster.home, cluster.account)

    try:
        said = cluster.try_launch()
    finally:
        stranger.kill()
        stranger.wait()

    assert said is not None
    assert any(clash in said for clash in CLASHES)


def test_a_server_whose_socket_was_swept_away_is_replaced(cluster):
    cluster.start()
    remember(cluster)
    shutil.rmtree(cluster.socket)

    cluster.start()

    assert remembers(cluster)


def test_a_cluster_half_made_when_killed_is_made_anew(new_cluster):
    draft = new_cluster.home / "database.new"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18\n")

    new_cluster.start()

    assert ask(new_cluster, "SELECT 1") == [(1,)]


def test_a_throw_away_cluster_that_was_killed_is_thrown_away(var):
    cluster = Cluster("test-database", durable=False)
    cluster.start()
    assert ask(cluster, "SHOW fsync") == [("off",)]
    remember(cluster)

    cluster.distrust()

    assert cluster.postmaster() is None
    assert not cluster.data.exists()


def test_a_deep_checkout_gets_a_short_private_socket_folder_that_goes_with_the_server(var, monkeypatch):
    monkeypatch.setenv("OMS_VAR", str(var / ("deep" * 30)))
    cluster = Cluster("database")

    cluster.start()
    socket = cluster.socket
    assert ask(cluster, "SELECT 1") == [(1,)]
    cluster.stop()

    assert cluster.home not in socket.parents
    assert not socket.exists()
    assert not socket.parent.name.startswith("oms-") or not socket.parent.exists()


def test_a_socket_folder_is_made_anew_for_each_start(cluster):
    planted = cluster.home / "database-socket"
    planted.mkdir(mode=0o777)
    (planted / ".s.PGSQL.5432.lock").write_text("1\n")

    folder = homes.make_socket_folder(cluster.name, cluster.home, cluster.account)

    assert list(folder.iterdir()) == []
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert folder.stat().st_uid == cluster.account.uid


@needs_root
def test_root_keeps_the_data_in_var_where_the_servers_account_can_enter(cluster, var):
    cluster.start()

    assert cluster.home == var
    assert cluster.account.uid != 0


@needs_root
def test_root_keeps_data_and_programs_elsewhere_when_the_checkout_is_closed_to_others(var, monkeypatch):
    var.parent.chmod(0o700)
    monkeypatch.setattr("oms.machine.accounts.Account.can_run", lambda account, path: var not in path.parents)
    cluster = Cluster("database")

    try:
        cluster.start()
        assert ask(cluster, "SELECT 1") == [(1,)]
        assert cluster.home.parent == Path("/var/lib")
        assert stat.S_IMODE(cluster.home.stat().st_mode) == 0o711
    finally:
        cluster.stop()
        shutil.rmtree(cluster.home)


@needs_root
def test_a_home_that_another_account_made_first_is_refused(var, monkeypatch, tmp_path):
    monkeypatch.setattr(homes, "SYSTEM", tmp_path)
    home = homes.system_home(var)
    os.chown(home, 65534, 65534)

    with pytest.raises(CannotRun, match="was not made by this account"):
        homes.system_home(var)


@needs_root
def test_a_copy_of_the_programs_runs_on_its_own(var, tmp_path):
    from oms.machine import binaries

    copied = binaries.copy_to(tmp_path) / binaries.WHEEL / binaries.PROGRAMS

    assert subprocess.run([copied / "postgres", "--version"], check=True, capture_output=True).stdout


@needs_root
def test_root_serves_data_that_a_user_made_as_that_user(var):
    data = var / "database"
    data.mkdir(parents=True)
    os.chown(data, 1234, 1234)

    assert Cluster("database").account == accounts.Account(1234, 1234)


def test_a_full_disk_is_named(tmpfs):
    with pytest.raises(CannotRun, match=f"The disk that holds {tmpfs} is full"):
        Cluster("database").start()

import os
import signal

import pytest

from oms.machine.lease import Lease

from .conftest import start

HOLD = """
import time
from oms.machine.lease import Lease
from oms.machine.postgres import Cluster
lease = Lease(Cluster("database")).take()
print("held", flush=True)
time.sleep({seconds})
"""


@pytest.fixture
def another(var):
    """Start other processes that hold the server for some seconds."""
    started = []

    def hold(seconds: float):
        process = start("-c", HOLD.format(seconds=seconds), OMS_VAR=str(var))
        started.append(process)
        assert process.stdout.readline() == "held\n"
        return process

    yield hold
    for process in started:
        process.kill()
        process.communicate()


def test_the_only_one_stops_the_server_when_it_leaves(cluster):
    lease = Lease(cluster).take()
    assert cluster.answers()

    lease.release()

    assert cluster.postmaster() is None


def test_whoever_leaves_first_leaves_the_server_to_the_others(cluster, another):
    lease = Lease(cluster).take()
    process = another(seconds=0)
    process.wait()
    assert cluster.answers()

    lease.release()

    assert cluster.postmaster() is None


def test_the_last_one_out_stops_a_server_that_another_started(cluster, another):
    process = another(seconds=1)
    Lease(cluster).take().release()
    assert cluster.answers()

    process.wait()

    assert cluster.postmaster() is None


def test_a_killed_process_holds_nothing(cluster, another):
    process = another(seconds=60)
    lease = Lease(cluster).take()
    process.send_signal(signal.SIGKILL)
    process.wait()

    lease.release()

    assert cluster.postmaster() is None


def test_a_forked_child_leaves_the_server_to_its_parent(cluster):
    lease = Lease(cluster).take()

    child = os.fork()
    if not child:
        lease.release()
        os._exit(0)
    os.waitpid(child, 0)

    assert cluster.answers()
    lease.release()


def test_without_a_share_of_its_own_a_process_loses_the_server(cluster, another):
    """The control: the lock is what keeps the server."""
    process = another(seconds=0)

    process.wait()

    assert not cluster.answers()

import pytest

from benchmarks.arguments import NAMES, read, read_for_peers
from benchmarks.peers.__main__ import put_beside
from benchmarks.table import show


def test_everything_is_measured_at_full_size_unless_somebody_chooses():
    wanted = read([])

    assert wanted.only == NAMES
    assert wanted.sizes == (1, 10, 100, 1000)
    assert wanted.workers == (1, 2, 4)
    assert wanted.scale.products == 100_000


def test_names_sizes_and_products_can_be_chosen():
    wanted = read("--only ship_order,availability --sizes 10,1000 --products 5000".split())

    assert wanted.life == ("ship_order",)
    assert wanted.sizes == (10, 1000)
    assert wanted.scale.scarce == 1000


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--only ship_ordre", "there is no ship_ordre; choose of enter_order"),
        ("--sizes 10,many", "10,many is no list of numbers"),
        ("--sizes 0", "0 is no list of numbers"),
        ("--products 200 --sizes 100", "100 lines need 500 products"),
        ("--profile contended_orders", "invalid choice"),
    ],
)
def test_what_cannot_be_measured_is_refused_with_a_remedy(words, sentence, capsys):
    with pytest.raises(SystemExit):
        read(words.split())

    assert sentence in capsys.readouterr().err


def test_other_systems_are_measured_at_a_size_they_finish():
    assert read_for_peers([]).sizes == (1, 10, 100)
    assert read_for_peers(["--sizes", "1000"]).sizes == (1000,)


def test_other_systems_stand_beside_the_same_step_size_and_workers(capsys):
    ours = [
        {"name": "enter_order", "size": 10, "workers": 1, "ms": 20.0},
        {"name": "contended_orders", "size": 10, "workers": 2, "ms": 40.0},
    ]
    theirs = [
        {"name": "enter_order", "size": 10, "workers": 1, "ms": 90.0, "statements": 70, "failed": 0},
        {"name": "enter_order", "size": 100, "workers": 1, "ms": 900.0, "statements": 700, "failed": 0},
    ]

    put_beside(ours, "tryton", theirs)
    show(ours, ["name", "size", "tryton_ms", "tryton_ratio"])

    assert (ours[0]["tryton_ms"], ours[0]["tryton_ratio"]) == (90.0, 4.5)
    assert "tryton_ms" not in ours[1]
    printed = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert printed[1:] == [["enter_order", "10", "90.0", "4.5"], ["contended_orders", "10", "-", "-"]]

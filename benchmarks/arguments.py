"""What is to be measured: by default everything."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.work import CONTENDED_LINES, SIZES, WORKERS, Scale

LIFE = (
    "enter_order",
    "submit_order",
    "confirm_order",
    "release_order",
    "pick_order",
    "pack_order",
    "ship_order",
)
DESK = ("pad_open", "pad_operation", "pad_paste")
HOUSE = (*LIFE, "order_pdf", "availability", "contended_orders", *DESK)
PRICES = "price_lines"
FINDING = ("search", "order_list")
FILES = ("import_price_rules", "import_price_rules_xlsx")
NAMES = (*HOUSE, PRICES, *FINDING, *FILES)

EVERYTHING = Scale()
FOR_PEERS = Scale(5_000)
SIZES_OF_PEERS = (1, 10, 100)
ORDERS = (100_000, 1_000_000)  # of search and order_list, ten lines each
RULES = (5_000, 100_000)  # rows of a file


@dataclass(frozen=True)
class Wanted:
    only: tuple[str, ...] = NAMES
    sizes: tuple[int, ...] = SIZES
    workers: tuple[int, ...] = WORKERS
    scale: Scale = EVERYTHING
    profile: str = ""
    orders: tuple[int, ...] = ORDERS
    rules: tuple[int, ...] = RULES

    @property
    def life(self) -> tuple[str, ...]:
        return tuple(name for name in LIFE if name in self.only)

    @property
    def desk(self) -> tuple[str, ...]:
        return tuple(name for name in DESK if name in self.only)

    @property
    def in_house(self) -> bool:
        """Whether anything is asked that needs the two houses."""
        return bool(self.profile) or any(name in HOUSE for name in self.only)

    @property
    def finding(self) -> tuple[str, ...]:
        return tuple(name for name in FINDING if name in self.only)

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(name for name in FILES if name in self.only)


def read(words: Sequence[str] | None = None) -> Wanted:
    """Return what the words of a command line ask for. Exit with a sentence when they ask for what is not there."""
    parser = _parser("make bench", SIZES, EVERYTHING)
    parser.add_argument("--only", type=names, default=NAMES, help=f"of {','.join(NAMES)}")
    parser.add_argument("--profile", choices=(*LIFE, "availability"), default="", help="explain one step")
    parser.add_argument(
        "--orders", type=numbers, default=ORDERS, help="of search and order_list: 100000,1000000"
    )
    parser.add_argument(
        "--rules", type=numbers, default=RULES, help="of a file of prices: 5000,100000, 100,000 at most"
    )
    found = _parsed(parser, words)
    scale = Scale(found.products)
    return Wanted(found.only, found.sizes, found.workers, scale, found.profile, found.orders, found.rules)


def read_for_peers(words: Sequence[str] | None = None) -> Wanted:
    """Return the same for the run with other systems, which need minutes for what is large."""
    found = _parsed(_parser("make bench-peers", SIZES_OF_PEERS, FOR_PEERS), words)
    return Wanted((), found.sizes, found.workers, Scale(found.products))


def _parser(name: str, sizes: Sequence[int], scale: Scale) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=name, description=__doc__)
    parser.add_argument("--sizes", type=numbers, default=sizes, help="lines of an order: 1,10,100,1000")
    parser.add_argument("--workers", type=numbers, default=WORKERS, help="of contended_orders: 1,2,4")
    parser.add_argument("--products", type=int, default=scale.products)
    return parser


def _parsed(parser: argparse.ArgumentParser, words: Sequence[str] | None) -> argparse.Namespace:
    found = parser.parse_args(words)
    require_large_enough(parser, Scale(found.products), found.sizes)
    return found


def require_large_enough(parser: argparse.ArgumentParser, scale: Scale, sizes: Sequence[int]) -> None:
    """A line of an order has a product of its own, and a fifth of the products are scarce."""
    needed = max(*sizes, CONTENDED_LINES)
    if scale.largest_order < needed:
        parser.error(f"{needed} lines need {needed * 5} products; give --products or smaller --sizes")


def names(text: str) -> tuple[str, ...]:
    found = tuple(text.split(","))
    unknown = [name for name in found if name not in NAMES]
    if unknown:
        raise argparse.ArgumentTypeError(f"there is no {', '.join(unknown)}; choose of {', '.join(NAMES)}")
    return found


def numbers(text: str) -> tuple[int, ...]:
    try:
        found = tuple(int(word) for word in text.split(","))
    except ValueError:
        found = ()
    if not found or min(found) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no list of numbers like 1,10,100")
    return found

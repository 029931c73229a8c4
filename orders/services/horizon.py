"""What is due beyond the horizon of its warehouse: promised, not set aside yet, and given to nobody else."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.utils import timezone

from inventory.models import Warehouse
from inventory.projection import Demand as Due
from inventory.projection import Supply, needed_now
from orders.allocation import Bid, Demand, Rank, Row
from orders.services.promising import coming_to, sites_at


class Later(NamedTuple):
    """A line is due on a day so late that its stock is set aside from another day on, and not yet.

    So much of the stock of today it `needs`, because nothing that is on its way brings it by then.
    """

    order_id: int
    rank: Rank
    demand: Demand
    due_on: date
    set_aside_on: date
    needs: int = 0


def with_needs(later: Sequence[Later], short: Mapping[Row, int], rows: Collection[Row]) -> list[Later]:
    """Return these lines with what they need of the stock of today, on these rows; nothing is asked for none.

    What comes goes first to the units that are `short` already.
    """
    by_row: defaultdict[Row, list[Later]] = defaultdict(list)
    for one in later:
        by_row[one.demand.row].append(one)
    asked = {row: sorted(found, key=lambda one: one.due_on) for row, found in by_row.items() if row in rows}
    if not asked:
        return list(later)
    needs = _needs(asked, short)
    return [one._replace(needs=needs.get(one.demand.line_id, 0)) for one in later]


def _needs(asked: Mapping[Row, Sequence[Later]], short: Mapping[Row, int]) -> dict[int, int]:
    places = Warehouse.objects.filter(pk__in={place for _product, place in asked})
    sites = sites_at(places, to=None, now=timezone.now())
    today, coming = (
        {site.id: site.today for site in sites},
        coming_to(sites, {product for product, _place in asked}),
    )
    found: dict[int, int] = {}
    for row, lines in asked.items():
        dues = [Due(one.due_on, one.demand.quantity) for one in lines]
        supplies = [Supply(one.on, one.quantity) for one in coming.get(row, ())]
        needs = needed_now(dues, supplies, waiting=short.get(row, 0), today=today[row[1]])
        found |= {one.demand.line_id: units for one, units in zip(lines, needs, strict=True)}
    return found


def needed_of(later: Iterable[Later]) -> Counter[Row]:
    """Return what all these lines need of the stock of today, row by row."""
    needed = Counter[Row]()
    for one in later:
        needed[one.demand.row] += one.needs
    return needed


def bids_of(later: Iterable[Later], others: Sequence[Bid]) -> list[Bid]:
    """Return what these lines need of the stock of today as bids, each before all who were confirmed after it.

    They are of no order: what they win stays free until they come due.
    """
    found: list[Bid] = []
    for one in later:
        after = [bid.rank for bid in others if bid.rank.confirmed_at > one.rank.confirmed_at]
        if one.needs and after:
            first, line = min(after), one.demand.line_id
            rank = first._replace(first_line_id=first.first_line_id - 1)
            found.append(Bid(-line, rank, [one.demand._replace(quantity=one.needs)]))
    return found

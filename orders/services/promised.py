"""Promises are made: each line of an order gets the day it leaves and the day it is there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import reduce

from django.utils import timezone

from customers.status import ShippingPolicy
from inventory.availability import lead_times
from inventory.models import Warehouse
from inventory.projection import Demand as Taken
from orders.allocation import Demand, Grant
from orders.models import Order
from orders.promising import Answer, Facts, Place, Question, Site, Stock, answers
from orders.services.promise_ledger import Told
from orders.services.promising import destination_of, sites_at, stocks_of


def promises_for(
    order: Order, granted: Sequence[Grant], waiting: Sequence[Demand], *, held: Sequence[Grant] = ()
) -> dict[int, Told]:
    """Return what each line can be promised: by its stock on hand, else by known supply or a purchase.

    What other lines and orders were promised is not promised again; nothing leaves sooner than it takes to be there
    on the day requested. The caller holds the locks of the order and its stock levels; the grants are not written yet,
    what is `held` was written before.
    """
    stock = [*held, *granted]
    sites = _sites_for(order, {grant.row[1] for grant in stock} | {line.row[1] for line in waiting})
    leaves = {place: site.leaves_for(order.requested_on) for place, site in sites.items()}
    told = _from_stock(stock, sites, leaves)
    if waiting:
        rest = _from_supply(waiting, _stocks_after(order, granted, waiting, sites), sites, leaves)
        told |= {line: told[line].with_rest(one) if line in told else one for line, one in rest.items()}
    return _together(order, told)


def _sites_for(order: Order, places: Collection[int]) -> dict[int, Site]:
    warehouses = Warehouse.objects.filter(pk__in=places)
    found = sites_at(warehouses, to=destination_of(order), now=timezone.now())
    return {site.id: site for site in found}


def _from_stock(
    granted: Sequence[Grant], sites: Mapping[int, Site], leaves: Mapping[int, date]
) -> dict[int, Told]:
    """Return what is promised from stock on hand, by line: all of it when the last of it can leave."""
    arrives = {place: sites[place].arrives_on(day) for place, day in leaves.items()}
    told: dict[int, Told] = {}
    for line, (_product, place), quantity in granted:
        before = told.get(line)
        now = Told(line, quantity, leaves[place], arrives[place])
        told[line] = before.with_rest(now) if before else now
    return told


def _stocks_after(
    order: Order, granted: Sequence[Grant], waiting: Sequence[Demand], sites: Mapping[int, Site]
) -> dict[Place, Stock]:
    """Return the stock of what lines wait for, once the order has what it is granted."""
    stocks = stocks_of({line.row[0] for line in waiting}, list(sites.values()), but=order.pk)
    for _line, place, quantity in granted:
        if place in stocks:
            taken = Taken(sites[place[1]].today, quantity)
            stocks[place] = replace(stocks[place], demands=[*stocks[place].demands, taken])
    return stocks


def _from_supply(
    waiting: Sequence[Demand],
    stocks: Mapping[Place, Stock],
    sites: Mapping[int, Site],
    leaves: Mapping[int, date],
) -> dict[int, Told]:
    """Return what is promised to lines that wait: all of it when the last of it can leave."""
    facts = Facts(list(sites.values()), stocks, lead_times({line.row[0] for line in waiting}), {})
    asked = [Question(line.row[0], line.quantity, line.row[1], leaves[line.row[1]]) for line in waiting]
    found = zip(waiting, answers(asked, facts), strict=True)
    return {line.line_id: _rest(line, answer) for line, answer in found}


def _rest(line: Demand, answer: Answer) -> Told:
    offer = answer.here
    if offer is None or offer.whole is None:
        return Told(line.line_id, line.quantity)
    whole = offer.whole
    brought_by = "" if whole.bought else offer.stock.brought_by(whole.ship_on, offer.site.today)
    return Told(line.line_id, line.quantity, whole.ship_on, whole.deliver_on, brought_by)


def _together(order: Order, told: dict[int, Told]) -> dict[int, Told]:
    """Return the promises as they are: of an order that ships complete all lines leave with the last one."""
    if order.shipping_policy != ShippingPolicy.COMPLETE or not told:
        return told
    last = reduce(Told.with_rest, told.values())
    return {
        pk: line._replace(ship_on=last.ship_on, promised_on=last.promised_on) for pk, line in told.items()
    }

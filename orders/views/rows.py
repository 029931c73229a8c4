"""The lines of a draft as the pad shows them: price and why, what is free, what is wrong, in a few statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from customers.masking import may_see_cost, trace_for
from customers.services.restricting import SoldTo, closed_to
from customers.services.unit_names import Names, units_told
from customers.telling import Write, in_currency, lost, plain, steps, with_units_named
from inventory.models import Warehouse
from inventory.status import ProductStatus
from inventory.templatetags.quantities import in_unit
from inventory.units import from_base, misfit, written
from oms.models import User
from oms.money import HUNDRED, round_half_up
from oms.shown import grouped, short_day
from orders.discounts import written as written_discounts
from orders.promising import Offer
from orders.services.costing import cost_rate_of
from orders.services.promising import availability, destination_of, holder_of, questions_for
from orders.services.sheets import Sheet
from orders.taxes import without_tax


@dataclass(frozen=True, slots=True)
class Free:
    """How much of a line is free now: a sign, a word, and which of the three it is."""

    mark: str
    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line as text."""

    line: Any
    quantity: str
    price: str
    discount: str
    source: str
    why: list[str]
    free: Free
    margin: str
    problems: list[str]

    @property
    def entry(self) -> str:
        """The line as it would be typed."""
        price = f" @{self.price}" if self.line.price_was_typed else ""
        return f"{self.line.product.sku} {self.quantity} {self.line.unit.code}{price}"


def rows_of(
    sheet: Sheet, user: User, costing: "Costing | None", products: Iterable[int] | None = None
) -> list[Row]:
    """Return the rows of a draft, or those of some products only, in a constant number of statements."""
    lines = sheet.lines.select_related("product", "unit").order_by("position")
    if products is not None:
        lines = lines.filter(product__in=set(products))
    found: list[Any] = list(lines)
    offers = _offers(sheet, found)
    closed = closed_to(sheet.document.customer_id, (line.product_id for line in found))
    write = in_currency(sheet.document.currency)
    return [
        _row(line, offers[line.pk], told, costing, closed.get(line.product_id))
        for line, told in zip(found, whys(found, user, costing, write), strict=True)
    ]


class Costing(NamedTuple):
    """By what costs become those of a document's currency, and whether its prices include a tax that is no income."""

    rate: Decimal
    included: bool


def costing_for(user: User, document: Any, lines: Any) -> Costing | None:
    """Return how margins of these lines are reckoned; None when the user may not see cost, or nobody knows a rate."""
    rate = cost_rate_of(document, lines) if may_see_cost(user) else None
    return None if rate is None else Costing(rate, lines.instance.prices_include_tax)


def _offers(sheet: Sheet, lines: list[Any]) -> dict[int, Offer | None]:
    """Return what can be promised for each line; an earlier line of the same product takes its part first."""
    questions = questions_for(lines, sheet.document.warehouse_id)
    places = Warehouse.objects.filter(pk__in={question.warehouse_id for question in questions})
    found = availability(
        questions, places, to=destination_of(sheet.document), holder=holder_of(sheet.document)
    )
    return {line.pk: answer.here for line, answer in zip(lines, found, strict=True)}


def _row(
    line: Any, offer: Offer | None, told: list[str], costing: Costing | None, sold_to: SoldTo | None
) -> Row:
    exact = written(from_base(line.ordered, numerator=line.unit.numerator, denominator=line.unit.denominator))
    return Row(
        line=line,
        quantity=exact,
        price="" if line.unit_price is None else plain(line.unit_price),
        discount=written_discounts(line.discounts),
        source=_source(line),
        why=told,
        free=free_word(line, offer),
        margin=_margin(line, costing) if costing else "",
        problems=list(_problems(line, sold_to)),
    )


def free_word(line: Any, offer: Offer | None) -> Free:
    """Say how much of a line is in the house and can be promised, in its unit, and when the rest can leave."""
    now = offer.promisable_at_once if offer else 0
    if offer and now >= line.ordered:
        return Free("all", "●", _("%(free)s now") % {"free": _whole_units(now, line.unit)})
    then = short_day(offer.whole.ship_on) if offer and offer.whole else ""
    if now <= 0:
        return Free("none", "✖", _("none now, %(day)s") % {"day": then} if then else _("none now"))
    amounts = {"free": _whole_units(now, line.unit), "ordered": in_unit(line.ordered, line.unit), "day": then}
    text = _("%(free)s of %(ordered)s now, rest %(day)s") if then else _("%(free)s of %(ordered)s now")
    return Free("some", "▲", text % amounts)


def _whole_units(base: int, unit: Any) -> str:
    return grouped(base * unit.denominator // unit.numerator)


def _source(line: Any) -> str:
    if line.price_was_quoted:
        return _("quoted")
    if line.price_was_typed:
        return _("typed")
    return str(line.trace.get("list", ""))


def whys(lines: Iterable[Any], user: User, costing: Costing | None, write: Write = plain) -> list[list[str]]:
    """Tell of each line how its price came about, and the margin that it leaves where that is known."""
    lines = list(lines)
    names = units_told([(line.unit, [line.trace]) for line in lines])
    return [
        why(line, user, margin_steps(line, costing) if costing else (), write, named)
        for line, named in zip(lines, names, strict=True)
    ]


def why(
    line: Any, user: User, margin: Iterable[str] = (), write: Write = plain, names: Names | None = None
) -> list[str]:
    """Tell how the price came about: what won, the `margin`, and what lost and why.

    Of costs it tells only those who may see them; `write` puts a price down. Units are told by their `names`.
    """
    trace = with_units_named(trace_for(user, line.trace), names or {line.unit.code: line.unit.name})
    told = []
    if line.price_was_quoted:
        told.append(
            _("Accepted in quote %(version)s; it stays when the quantity changes.")
            % {"version": trace["quoted"]}
        )
    if line.price_was_typed:
        told.append(_("%(price)s was typed by hand.") % {"price": write(Decimal(trace["typed"]))})
    won = steps(trace, write)
    if won and line.price_was_typed:
        won[0] += " " + _("(not used)")
    told += [*won, *margin, *lost(trace, write)]
    return told or [_("No price list has a price for this product, unit and quantity.")]


def margin_percent(line: Any, costing: Costing) -> Decimal | None:
    """Return the margin of a line after every discount and without the tax that its price includes."""
    net = without_tax(line.net, line.tax_percent, included=costing.included)
    cost = line.unit_cost * line.wanted * costing.rate
    return round_half_up((net - cost) * HUNDRED / net, 1) if net else None


def margin_steps(line: Any, costing: Costing) -> list[str]:
    """Tell what a line leaves of what it brings, by the cost that it was frozen with."""
    percent = margin_percent(line, costing)
    if percent is None or not line.unit_cost:
        return []
    net = without_tax(line.net, line.tax_percent, included=costing.included)
    told = {
        "percent": plain(percent),
        "net": plain(round_half_up(net, 4)),
        "cost": plain(round_half_up(line.unit_cost * line.wanted * costing.rate, 4)),
        "rate": plain(costing.rate),
    }
    if costing.rate != 1:
        return [_("margin %(percent)s %%: %(net)s net, the cost is %(cost)s at the rate %(rate)s") % told]
    return [_("margin %(percent)s %%: %(net)s net, the cost is %(cost)s") % told]


def _margin(line: Any, costing: Costing) -> str:
    percent = margin_percent(line, costing)
    return "" if percent is None else f"{percent} %"


def _problems(line: Any, sold_to: SoldTo | None) -> Iterable[str]:
    if line.unit_price is None:
        yield _("no price: type one or ask for a price rule")
    if line.product.status == ProductStatus.BLOCKED:
        yield _("blocked: remove the line")
    if line.product.status == ProductStatus.DISCONTINUED:
        yield _("discontinued: remove the line or take its successor")
    if sold_to:
        yield _("sold to %(who)s only: remove the line or ask a sales manager") % {"who": sold_to}
    if problem := misfit(line.quantity, line.unit):
        yield _("%(rule)s: order %(nearest)s") % {"rule": problem.rule, "nearest": problem.choice}

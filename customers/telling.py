"""A trace in words: one sentence for the customer, steps for whoever sells, a row for each price that was looked at."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from typing import Any, NamedTuple

from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from customers.masking import counts_from_cost
from customers.price_trace import LOST, losers
from customers.status import PriceKind, is_agreement, tier_label
from oms.models import Currency
from oms.money import as_typed

UNIT = LOST.index("unit")
WHY = {
    "too little left": gettext_lazy("less of it is left than is asked for"),
    "break not reached": gettext_lazy("its break is not reached"),
    "later tier": gettext_lazy("a nearer list or agreement has a price"),
    "only for reference": gettext_lazy("it is only there to take a percentage off"),
    "other currency": gettext_lazy("there is a price in the document's currency"),
    "wider": gettext_lazy("a price for fewer products comes first"),
    "lower priority": gettext_lazy("another price has priority"),
    "other unit": gettext_lazy("there is a price in the unit asked for"),
    "smaller break": gettext_lazy("a greater break is reached"),
    "older": gettext_lazy("a newer price is valid"),
    "nothing to count from": gettext_lazy("there is nothing it could be counted from"),
    "best price elsewhere": gettext_lazy("a list with the best price is cheaper"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One price that was looked at."""

    rule: int
    price_list: str
    tier: str
    unit: str
    since: int
    price: str
    why: str


Write = Callable[[Decimal], str]  # puts a price down


def plain(number: Decimal) -> str:
    """Return a number as it is typed: 0.42, 1200."""
    return format(number.normalize(), "f")


def in_currency(currency: Currency) -> Write:
    """Return what writes prices of this currency: 24.80, or with more decimals where they have more."""
    return partial(as_typed, exponent=currency.exponent)


def stated(price: Any, write: Write = plain) -> str:
    """Return what a step states: 4.12, -5 %, cost + 20 %, or only that it is counted from the cost."""
    if not isinstance(price, Mapping):
        return write(Decimal(price))
    ((kind, percent),) = price.items()
    if percent is None:
        return _("counted from the cost")
    template = _("-%(percent)s %%") if kind == PriceKind.PERCENT_OFF else _("cost + %(percent)s %%")
    return template % {"percent": plain(Decimal(percent))}


def looked_at(trace: Mapping[str, Any], write: Write = plain) -> list[Told]:
    """Return every price of a trace, the one that won first; `write` puts an amount down."""
    if not trace.get("list"):
        return []
    won = _told(trace, pgettext("price", "applies"), write)
    lost_ones = (_told(loser, str(WHY.get(loser["why"], loser["why"])), write) for loser in losers(trace))
    return [won, *lost_ones]


def _told(step: Mapping[str, Any], why: str, write: Write) -> Told:
    return Told(
        rule=step["rule"],
        price_list=step["list"],
        tier=tier_label(step["tier"]),
        unit=step["unit"],
        since=step["from"],
        price=stated(step["price"], write),
        why=why,
    )


class Sentences(NamedTuple):
    """A step in words, from a list or an agreement, per a unit or with none."""

    of_list: str
    of_list_alone: str
    of_agreement: str
    of_agreement_alone: str


# A page tells thousands of steps in one language: what they share is looked up once.
@cache
def _sentences(_language: str | None) -> Sentences:
    return Sentences(
        _("%(price)s per %(unit)s from %(break)s on: list %(list)s (%(tier)s)"),
        _("%(price)s from %(break)s on: list %(list)s (%(tier)s)"),
        _("%(price)s per %(unit)s: agreement %(list)s"),
        _("%(price)s: agreement %(list)s"),
    )


@cache
def _tier(tier: int, _language: str | None) -> str:
    return tier_label(tier)


@cache
def _why(why: str, _language: str | None) -> str:
    return str(WHY.get(why, why))


def _in_words(step: Mapping[str, Any], write: Write, language: str | None) -> str:
    """Return one step: what is stated, per what, from which break on, and where."""
    say, unit = _sentences(language), step["unit"]
    if is_agreement(step["tier"]):
        told = {"price": stated(step["price"], write), "unit": unit, "list": step["list"]}
        return (say.of_agreement if unit else say.of_agreement_alone) % told
    return (say.of_list if unit else say.of_list_alone) % {
        "price": stated(step["price"], write),
        "unit": unit,
        "break": step["from"],
        "list": step["list"],
        "tier": _tier(step["tier"], language),
    }


def steps(trace: Mapping[str, Any], write: Write = plain) -> list[str]:
    """Return how the price came about, step by step, for whoever sells; `write` puts a price down."""
    if not trace.get("list"):
        return []
    return [_in_words(trace, write, get_language()), *_reckoned(trace, write), *_bounded(trace, write)]


def _reckoned(step: Mapping[str, Any], write: Write) -> Iterator[str]:
    """Tell how what is stated becomes a price in the unit and currency asked for."""
    if "off" in step:
        yield _("taken off %(base)s") % {"base": _in_words(step["off"], write, get_language())}
        yield from _reckoned(step["off"], write)
    if counts_from_cost(step["price"]) and "cost" in step:
        yield _("the cost is %(cost)s per base unit") % {"cost": write(Decimal(step["cost"]))}
    for quantity, each in step.get("slices", ()):
        yield _("%(quantity)s of them at %(price)s") % {"quantity": quantity, "price": write(Decimal(each))}
    if "currency" in step:
        told = {"currency": step["currency"], "rate": plain(Decimal(step["rate"])), "day": step["rate_on"]}
        yield _("1 %(currency)s is %(rate)s on the day of the price, the rate since %(day)s") % told
    if "ratio" in step:
        times, parts = step["ratio"]
        yield _("for the line's unit times %(times)s") % {
            "times": times if parts == 1 else f"{times}/{parts}"
        }


def _bounded(trace: Mapping[str, Any], write: Write) -> Iterator[str]:
    if "left_value" in trace:
        yield _("%(value)s of the agreement were left to be paid") % {
            "value": write(Decimal(trace["left_value"]))
        }
    elif "left" in trace:
        yield _("%(quantity)s base units of the agreement were left") % {"quantity": trace["left"]}
    if "together" in trace:
        yield _("%(quantity)s base units count together") % {"quantity": trace["together"]}
    if "exact" in trace:
        yield _("rounded to six decimals")
    if "floor" in trace:
        yield _("below %(floor)s somebody has to approve") % {"floor": write(Decimal(trace["floor"]))}


def lost(trace: Mapping[str, Any], write: Write = plain) -> list[str]:
    """Return the prices that lost, each with why."""
    language = get_language()
    return [f"{_in_words(loser, write, language)}: {_why(loser['why'], language)}" for loser in losers(trace)]


def units_in(trace: Mapping[str, Any]) -> set[str]:
    """Return the codes of all units that a trace tells of."""
    own = {trace["unit"]} if "unit" in trace else set()
    return (
        own
        | {row[UNIT] for row in trace.get("lost", ())}
        | (units_in(trace["off"]) if "off" in trace else set())
    )


def with_units_named(trace: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return a trace that calls units as people do, where their `names` by code are known."""
    told = dict(trace)
    if "unit" in told:
        told["unit"] = names.get(told["unit"], told["unit"])
    if "off" in told:
        told["off"] = with_units_named(told["off"], names)
    if "lost" in told:
        told["lost"] = [
            [*row[:UNIT], names.get(row[UNIT], row[UNIT]), *row[UNIT + 1 :]] for row in told["lost"]
        ]
    return told


def sentence(trace: Mapping[str, Any]) -> str:
    """Return why the price is what it is, as the customer may read it; nothing of other prices or of costs."""
    if trace.get("quoted"):
        return _("The price of quote %(version)s.") % {"version": trace["quoted"]}
    if trace.get("typed"):
        return _("This price was agreed for this line.")
    if not trace.get("list"):
        return ""
    if is_agreement(trace["tier"]):
        return _("Price of agreement %(agreement)s.") % {"agreement": trace["list"]}
    told = {"tier": tier_label(trace["tier"]), "break": trace["from"]}
    if trace["from"] > 1:
        return _("Price for: %(tier)s, from a quantity of %(break)s on.") % told
    return _("Price for: %(tier)s.") % told

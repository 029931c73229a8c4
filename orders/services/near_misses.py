"""What may have been meant by a typed line that is none: near products, or the nearest quantities of its product."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inventory.models import Product
from inventory.neighbours import neighbours
from inventory.units import misfit
from oms.models import User
from oms.text import clean_code
from orders.entry import Entry, meant, readings, written_terms
from orders.services.sheets import Sheet
from orders.services.understanding import Units, unit_meant, units_named

SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Instead:
    """A line that can be taken for the typed one: how it is called, its product's name, and how it would be typed."""

    label: str
    title: str
    entry: str


def near_misses(
    sheet: Sheet, typed: Mapping[int, str], unknown: Mapping[int, str], *, by: User
) -> dict[int, list[Instead]]:
    """Return what each of the typed lines may mean, in a few statements; `unknown` has the codes nobody knows."""
    near = neighbours(set(unknown.values()), Product.objects.visible_to(by), limit=SUGGESTIONS)
    products = {place: [one.product for one in near.get(code, ())] for place, code in unknown.items()}
    found = {
        place: [
            Instead(one.sku, one.name, _with_code(typed[place], unknown[place], one.sku)) for one in named
        ]
        for place, named in products.items()
    }
    return found | _that_fit(sheet, {place: typed[place] for place in typed.keys() - unknown.keys()}, by)


def _with_code(text: str, code: str, sku: str) -> str:
    return clean_code(text).replace(code, sku, 1)


def _that_fit(sheet: Sheet, typed: Mapping[int, str], by: User) -> dict[int, list[Instead]]:
    read: dict[int, list[Entry]] = {}
    for place, text in typed.items():
        try:
            read[place] = readings(text)
        except ValueError:
            continue  # it has no code that could be right
    codes = {entry.code for entries in read.values() for entry in entries}
    units = units_named(sheet, codes, by=by)
    return {place: list(_nearest(entries, units)) for place, entries in read.items()}


def _nearest(entries: list[Entry], units: Units) -> Iterator[Instead]:
    try:
        entry = meant(entries, units)
        unit = unit_meant(units[entry.code], entry.unit)
    except ValueError:
        return  # what is wrong is not the quantity
    problem = misfit(entry.quantity, unit)
    terms = written_terms(entry.price, entry.discounts)
    for quantity in problem.nearest if problem else ():
        yield Instead(f"{quantity} {unit.name}", "", f"{entry.code} {quantity} {unit.code}{terms}")

"""Why inventory says no."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from oms.errors import Refused


@dataclass(frozen=True, slots=True)
class Shortage:
    """So many base units of a product were wanted, so many are there."""

    sku: str
    wanted: int
    there: int

    def __str__(self) -> str:
        return _("%(sku)s: %(wanted)s wanted, %(there)s there") % {
            "sku": self.sku,
            "wanted": self.wanted,
            "there": self.there,
        }


class NotEnoughStock(Refused):
    """Every product that is short is named."""

    code = "not_enough_stock"

    def __init__(self, document: str, shortages: Iterable[Shortage], *, remedy: str) -> None:
        self.shortages = sorted(shortages, key=lambda shortage: shortage.sku)
        names = "; ".join(str(shortage) for shortage in self.shortages)
        super().__init__(
            _("%(document)s: not enough stock. %(names)s. %(remedy)s")
            % {"document": document, "names": names, "remedy": remedy}
        )


class UnknownCodes(Refused):
    """Codes that name nothing, all at once."""

    code = "unknown_codes"

    def __init__(self, codes: Iterable[str]) -> None:
        self.codes = sorted(set(codes))
        super().__init__(
            _("Unknown: %(codes)s. Check the SKU and unit against the product list.")
            % {"codes": ", ".join(self.codes[:20])}
        )


class NotRepresentable(Refused):
    """A quantity in a sales unit is no whole number of base units."""

    code = "not_representable"

    def __init__(self, quantity: object, unit: str, nearest: tuple[str, str]) -> None:
        self.nearest = nearest
        super().__init__(
            _("%(quantity)s %(unit)s cannot be counted exactly; order %(less)s or %(more)s %(unit)s.")
            % {"quantity": quantity, "unit": unit, "less": nearest[0], "more": nearest[1]}
        )


class NotOrderable(Refused):
    """A quantity that a product is not sold in: not exact, off the multiple, or below the minimum."""

    code = "not_orderable"

    def __init__(self, quantity: str, sku: str, rule: str, nearest: str, *, where: str = "") -> None:
        said = _("%(quantity)s of %(sku)s: %(rule)s; order %(nearest)s.") % {
            "quantity": quantity,
            "sku": sku,
            "rule": rule,
            "nearest": nearest,
        }
        super().__init__(f"{where}: {said}" if where else said)


class BadQuantity(Refused):
    """A quantity that no movement can have."""

    code = "bad_quantity"


class KeptByWork(Refused):
    """Staging follows shipments, suspect counts and transit transfers; no hand moves stock there."""

    code = "kept_by_work"


class BadTransfer(Refused):
    """Places or days between which nothing can be transferred."""

    code = "bad_transfer"


class BadDay(Refused):
    """A day on which nothing can be expected, or nothing can have come."""

    code = "bad_day"


class OffTerms(Refused):
    """Quantities a supplier does not sell, each with the two nearest that they do."""

    code = "off_terms"

    def __init__(self, supplier: str, lines: Iterable[str]) -> None:
        self.lines = list(lines)
        super().__init__(
            _("%(supplier)s does not sell this. %(lines)s Or change their terms on the product's page.")
            % {"supplier": supplier, "lines": " ".join(self.lines[:20])}
        )


class TakenBackAlready(Refused):
    """A receipt is taken back once, and what takes back is not taken back."""

    code = "taken_back_already"


class NeedsSecondPerson(Refused):
    """Nobody agrees to their own adjustment, however many rights they have."""

    code = "needs_second_person"


class AlreadyDecided(Refused):
    """Somebody has decided meanwhile."""

    code = "already_decided"


class NeedsReason(Refused):
    """A change of stock or a refusal that says not why."""

    code = "needs_reason"


class CountedAlready(Refused):
    """Somebody has counted the bin since the page was opened; who, when and what they found is kept."""

    code = "counted_already"


class BadCount(Refused):
    """A count that is not complete, or of a bin nobody asked for."""

    code = "bad_count"

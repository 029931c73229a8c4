"""Why orders say no."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from oms.errors import Problem, Refused


class OnHold(Refused):
    """An open hold stands in the way."""

    code = "on_hold"

    def __init__(self, number: str, reasons: Iterable[str]) -> None:
        super().__init__(
            _("%(number)s is on hold (%(reasons)s). Its owner has to let it go on.")
            % {"number": number, "reasons": "; ".join(reasons)}
        )


class AcceptedBeside(Refused):
    """The customer has accepted another of the alternatives."""

    code = "accepted_beside"


class InTheWarehouse(Refused):
    """The warehouse works on the order; what it holds is not taken away silently."""

    code = "in_the_warehouse"

    def __init__(self, number: str) -> None:
        super().__init__(
            _("%(number)s is being picked or packed. Ask the warehouse to take its shipment back first.")
            % {"number": number}
        )


class TakenAlready(Refused):
    """Less of a line is wanted than is with the warehouse or has left."""

    code = "taken_already"

    def __init__(self, number: str, line: Any, inside: int) -> None:
        told = {
            "order": number,
            "line": line.position,
            "sku": line.sku,
            "shipped": line.sold(line.shipped),
            "inside": line.sold(inside),
            "least": line.sold(line.shipped + inside),
        }
        remedy = (
            _("Ask the warehouse to take its shipment back first.")
            if inside
            else _("What has left comes back as a return.")
        )
        super().__init__(
            _("%(order)s line %(line)s, %(sku)s: %(shipped)s have left and %(inside)s are with the warehouse, so "
              "%(least)s is the least it can be.") % told
            + f" {remedy}"
        )  # fmt: skip


class NotInWork(Refused):
    """The order is not confirmed yet, or it has ended."""

    code = "not_in_work"

    def __init__(self, number: str, status: str) -> None:
        super().__init__(
            _("%(order)s is %(status)s; only a confirmed order is changed this way. A draft is edited on its pad, a "
              "submitted order is taken back first, and an order that has ended stays as it is: copy it.")
            % {"order": number, "status": status}
        )  # fmt: skip


class NothingOpen(Refused):
    """There is nothing left to do."""

    code = "nothing_open"


class NothingToTake(Refused):
    """There is no stock that may be taken for the order on its own terms."""

    code = "nothing_to_take"

    def __init__(self, number: str, remedy: str) -> None:
        super().__init__(
            _("%(number)s gets nothing that way. %(remedy)s") % {"number": number, "remedy": remedy}
        )


class TermsAreSet(Refused):
    """Shipping terms that the order can no longer have."""

    code = "terms_are_set"


class CannotDecide(Refused):
    """This person may not decide on this request."""

    code = "cannot_decide"


class NobodyForFloors(Refused):
    """A price is below its floor, and nobody is named who could agree."""

    code = "nobody_for_floors"

    def __init__(self, number: str) -> None:
        super().__init__(
            _("%(number)s has a price below its floor, and no approval rule says who may agree to that. Raise the "
              "price, or add an approval rule for prices below their floor.")
            % {"number": number}
        )  # fmt: skip


class AgreementShort(Refused):
    """Of an agreement less is left than lines are priced from; others have drawn meanwhile."""

    code = "agreement_short"

    def __init__(self, number: str, problems: Iterable[Problem], remedy: str = "") -> None:
        self.problems = list(problems)
        told = {"number": number, "lines": " ".join(map(str, self.problems))}
        told["remedy"] = remedy or _(
            "Take the order back to draft and enter these quantities again: what is left keeps its price, the rest "
            "gets the next one."
        )
        super().__init__(
            _("%(number)s asks agreements for more than they have left. %(lines)s %(remedy)s") % told
        )


class ReferenceUsed(Refused):
    """An order with this outside reference is there already."""

    code = "reference_used"

    def __init__(self, reference: str) -> None:
        super().__init__(
            _(
                "An order with the reference %(reference)s is there already. Look it up, or send another reference."
            )
            % {"reference": reference}
        )


class NoSuchLine(Refused):
    """The document has no lines with these numbers."""

    code = "no_such_line"

    def __init__(self, number: str, positions: Iterable[int]) -> None:
        told = {"number": number, "lines": ", ".join(map(str, sorted(positions)[:20]))}
        super().__init__(_("%(number)s has no line %(lines)s. Name lines that it has.") % told)


class CallOffRefused(Refused):
    """A call-off cannot be planned, changed or made into an order so."""

    code = "call_off_refused"


class NotRemembered(Refused):
    """A document is asked for as it was at a moment of which nothing is known."""

    code = "not_remembered"

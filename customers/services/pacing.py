"""How fast agreements are used: each line's pace, and that of the whole by value."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch

from customers.agreements import Pace, pace_of
from customers.models import Agreement, AgreementLine, Customer
from customers.models.tree import lineage_of
from customers.status import PaceKind
from oms.models import User

WORST_FIRST = [PaceKind.MISSED, PaceKind.BEHIND, PaceKind.AHEAD, PaceKind.REACHED, PaceKind.FREE]


@dataclass(frozen=True, slots=True)
class LinePace:
    """A line of an agreement, and its pace."""

    line: AgreementLine
    pace: Pace


@dataclass(frozen=True, slots=True)
class AgreementPace:
    """An agreement and the pace of its lines; the whole is as far behind as its worst line."""

    agreement: Agreement
    lines: Sequence[LinePace]

    @property
    def kind(self) -> PaceKind:
        return min((one.pace.kind for one in self.lines), key=WORST_FIRST.index, default=PaceKind.FREE)

    @property
    def committed(self) -> Decimal:
        """What was committed, at the frozen prices."""
        return sum((one.line.worth_committed for one in self.lines), Decimal(0))

    @property
    def drawn(self) -> Decimal:
        """What was drawn, at the frozen prices."""
        return sum((one.line.worth_drawn for one in self.lines), Decimal(0))

    @property
    def percent(self) -> int | None:
        """How much of the committed value was taken, line by line at most all of it; None without a commitment."""
        taken = sum((min(one.line.worth_drawn, one.line.worth_committed) for one in self.lines), Decimal(0))
        return int(taken * 100 / self.committed) if self.committed else None


def paces_of(agreements: Iterable[Agreement], *, on: date) -> list[AgreementPace]:
    """Return the pace of agreements whose lines were fetched `with_lines`, in their order."""
    return [
        AgreementPace(agreement, [_pace(agreement, line, on) for line in agreement.lines.all()])
        for agreement in agreements
    ]


def _pace(agreement: Agreement, line: AgreementLine, on: date) -> LinePace:
    period = (agreement.valid_from, agreement.valid_to)
    if line.by_value:
        return LinePace(line, pace_of(line.committed_value, line.drawn_value, period=period, on=on))
    return LinePace(line, pace_of(line.committed, line.drawn, period=period, on=on))


def with_lines() -> "Prefetch[str]":
    """Return how the lines of agreements are fetched for their pace, in one statement."""
    return Prefetch(
        "lines",
        AgreementLine.objects.select_related("product", "category", "unit").order_by("product__sku", "pk"),
    )


def paces_for(customer: Customer, user: User, *, on: date) -> list[AgreementPace]:
    """Return the pace of what is agreed with a customer, or a company above it, and not over; in three statements."""
    companies = [pk for pk, distance in lineage_of(customer.pk).items() if distance >= 0]
    found = Agreement.objects.visible_to(user).filter(customer__in=companies).not_over(on)
    return paces_of(
        found.select_related("currency", "customer")
        .prefetch_related(with_lines())
        .order_by("valid_to", "pk"),
        on=on,
    )

"""A step chart as SVG paths: what can be promised and what is projected, day by day. No database here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from inventory.projection import Projection, Step

WIDTH, HEIGHT = 640, 200
LEFT, RIGHT, TOP, BOTTOM = 90, 12, 12, 30
SHORTEST, LONGEST = 14, 120  # days
MOST_DATES = 5
MOST_WITH_YEAR = 2.5  # which makes them twice as long
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Mark:
    """A label and where it stands."""

    at: int
    label: str | date


@dataclass(frozen=True, slots=True)
class Chart:
    """Paths in a box of `width` by `height`, with the marks beside it. `zero` is the height of nothing."""

    promisable: str
    projected: str
    zero: int
    amounts: Sequence[Mark]
    days: Sequence[Mark]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def step_chart(projection: Projection, *, each: int = 1) -> Chart:
    """Draw from today until some days after the last change, at most four months.

    Amounts are told in a unit of which one is `each` base units.
    """
    steps, span = projection.steps, _span(projection)
    shown = [step for step in steps if (step.on - projection.today).days <= span]
    highest = max(1, *(step.projected for step in shown), *(step.promisable for step in shown))
    lowest = min(0, *(step.projected for step in shown))

    def x(day: date) -> int:
        return LEFT + round((day - projection.today).days * (WIDTH - LEFT - RIGHT) / span)

    def y(amount: int) -> int:
        return TOP + round((highest - amount) * (HEIGHT - TOP - BOTTOM) / (highest - lowest))

    points = [(x(step.on), y(step.promisable), y(step.projected)) for step in shown]
    end = projection.today + timedelta(days=span)
    return Chart(
        promisable=_path([(across, down) for across, down, _p in points]),
        projected=_path([(across, down) for across, _p, down in points]),
        zero=y(0),
        amounts=[Mark(y(amount), _short(amount // each)) for amount in sorted({highest, 0, lowest})],
        days=[Mark(x(day), day) for day in _dates(shown, end)],
    )


def _short(amount: int) -> str:
    """Return an amount that fits beside the chart; from a million on in whole millions, rounded down."""
    return f"{amount:,}" if abs(amount) < MILLION else f"{amount // MILLION:,} M"


def _span(projection: Projection) -> int:
    last = (projection.steps[-1].on - projection.today).days
    return min(LONGEST, max(SHORTEST, last + 4))


def _path(points: Sequence[tuple[int, int]]) -> str:
    """Return the steps as a path: each height holds until the next day."""
    (across, down), *others = points
    turns = "".join(f"H{right}V{height}" for right, height in others)
    return f"M{across} {down}{turns}H{WIDTH - RIGHT}"


def _dates(shown: Sequence[Step], end: date) -> list[date]:
    """Return the days to name: today, the end, and changes far enough from both and each other."""
    first = shown[0].on
    with_year = {first.year, end.year} != {timezone.localtime().year}
    apart = (end - first) / (MOST_WITH_YEAR if with_year else MOST_DATES)
    named = [first]
    for step in shown[1:]:
        if step.on - named[-1] >= apart and end - step.on >= apart:
            named.append(step.on)
    return [*named, end]

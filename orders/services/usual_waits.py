"""How long people usually take to decide: the median of what was decided of late, by the rule that asked."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Aggregate, Count, DurationField, F
from django.utils import timezone

from orders.models import Decision

OF_LATE = timedelta(days=90)
ENOUGH = 5  # fewer are no habit, and nothing is said


class Median(Aggregate):
    """The value in the middle; half of the others are smaller."""

    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def usual_waits(rules: Iterable[int]) -> dict[int, timedelta]:
    """Return how long after they were asked people usually decide, for those rules of which enough was decided of late.

    Nights and weekends count: it is how long the customer waits. One statement; none where no rule asks.
    """
    if not (wanted := set(rules)):
        return {}
    decided = Decision.objects.filter(step__rule__in=wanted, at__gte=timezone.now() - OF_LATE).order_by()
    taken = Median(F("at") - F("step__request__requested_at"))
    found = decided.values("step__rule").annotate(taken=taken, n=Count("pk")).filter(n__gte=ENOUGH)
    return dict(found.values_list("step__rule", "taken"))

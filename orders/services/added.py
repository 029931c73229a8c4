"""What had been added to a document by a moment of its past. Nothing of it ever changes, so its own moments tell."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oms.models import User
from orders.models import Attachment, Consent, Decision, InternalNote, Order
from orders.services.negotiating import counter_offers_of
from orders.services.remembering import Document


@dataclass(frozen=True, slots=True)
class Added:
    """Files, notes, decisions, consents of decision makers, and counter-offers with their answers, the last first."""

    files: list[Any]
    notes: list[Any]
    decisions: list[Decision]
    consents: list[Consent]
    counter_offers: list[dict[str, Any]]

    def until(self, moment: datetime) -> "Added":
        """Return what of it was there then; an offer that was answered later without its answer."""
        return Added(
            list(_by(moment, self.files)),
            list(_by(moment, self.notes)),
            list(_by(moment, self.decisions)),
            list(_by(moment, self.consents)),
            [_unanswered(one, moment) for one in self.counter_offers if one["offer"].at <= moment],
        )


def _by(moment: datetime, rows: Iterable[Any]) -> Iterator[Any]:
    return (row for row in rows if row.at <= moment)


def _unanswered(one: dict[str, Any], moment: datetime) -> dict[str, Any]:
    answer = one["answer"]
    return one if answer is None or answer.at <= moment else {**one, "answer": None}


def added_to(document: Document, user: User) -> Added:
    """Return all that was ever added, as far as this user may see it now, in a constant number of statements."""
    files = list(Attachment.objects.visible_to(user).of(document))
    notes = list(InternalNote.objects.visible_to(user).of(document))
    decisions = Decision.objects.select_related("by")
    if isinstance(document, Order):
        return Added(files, notes, list(decisions.filter(step__request__order=document)), [], [])
    decided = decisions.filter(step__request__quote_version__quote=document)
    consents = Consent.objects.filter(version__quote=document).select_related("decider").order_by("-pk")
    return Added(files, notes, list(decided), list(consents), counter_offers_of(document))

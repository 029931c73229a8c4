"""What a file has drafted is taken back, as long as nobody has touched it."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from customers.errors import AgreementRefused
from customers.models import Agreement, AgreementLine
from customers.services.agreeing import AGREED, drop_agreement
from oms.importing.cells import one_of
from oms.models import User

HEAD = ("status", "version", "name", "currency_id", "valid_from", "valid_to", "remind_on", "needs_approval")


@dataclass(frozen=True, slots=True)
class Drafted:
    """The agreements that a file drafted, by their ids how each was left; `changed` are drafts that were there."""

    drafts: Mapping[str, str] = field(default_factory=dict)
    changed: Sequence[str] = ()

    def as_made(self) -> dict[str, Any]:
        return asdict(self)


def seals_of(agreements: Collection[int]) -> dict[str, str]:
    """Return by the id of each agreement what is another once its head or a line of it is."""
    if not agreements:
        return {}
    lines: defaultdict[int, list[Any]] = defaultdict(list)
    rows = AgreementLine.objects.filter(agreement__any_of=agreements).order_by("pk")
    for agreement, *line in rows.values_list("agreement_id", "pk", *AGREED):
        lines[agreement].append(line)
    heads = Agreement.objects.filter(pk__any_of=agreements).order_by("pk").values_list("pk", *HEAD)
    return {str(pk): hashlib.sha256(repr((head, lines[pk])).encode()).hexdigest() for pk, *head in heads}


@transaction.atomic
def take_back_drafts(made: Drafted, *, by: User | None) -> list[str]:
    """Drop the agreements that a file drafted; return their numbers.

    Raise AgreementRefused when somebody has changed one or taken it further since, or when the file has changed lines
    of drafts that were there: those would stay as the file left them.
    """
    found = {str(one.pk): one for one in Agreement.objects.locked().filter(pk__in=made.drafts)}
    now = seals_of([one.pk for one in found.values()])
    touched = [str(one) for pk, one in found.items() if now[pk] != made.drafts[pk]]
    if touched:
        rule = _("%(agreements)s: changed since the import. Drop the drafts that shall go on their pages.")
        raise AgreementRefused(rule % {"agreements": one_of(touched)})
    if made.changed:
        rule = _("The file also changed lines of %(agreements)s; drop or mend the drafts on their pages.")
        raise AgreementRefused(rule % {"agreements": one_of(made.changed)})
    return [str(drop_agreement(one.pk, by=by)) for one in found.values()]

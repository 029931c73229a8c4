"""Agreements are drafted, proposed, put in force by a second person where they say so, ended early and renewed."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from customers.errors import AgreementRefused
from customers.models import Agreement, AgreementEvent, AgreementLine
from customers.status import AgreementStatus
from oms.company import business_day
from oms.errors import NotAllowed
from oms.models import User
from oms.rows import lock_row
from oms.sets import Columns, insert_rows

REMIND_BEFORE = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Terms:
    """For whom an agreement is and when: [from, to)."""

    customer_id: int
    currency_id: str
    valid_from: date
    valid_to: date
    name: str = ""
    needs_approval: bool = True
    remind_on: date | None = None


@dataclass(frozen=True, slots=True)
class Agreed:
    """One unit of a product costs `price`, or `percent` is taken off the price for everyone.

    Without a product it is for a category, without either for everything. Quantities are base units, and without a
    maximum it does not run out.
    """

    product_id: int | None = None
    unit_id: int | None = None
    price: Decimal = Decimal(0)
    committed: int = 0
    maximum: int | None = None
    category_id: int | None = None
    percent: Decimal | None = None
    committed_value: Decimal = Decimal(0)
    maximum_value: Decimal | None = None


TERMS = [one.name for one in fields(Terms)]
AGREED = [one.name for one in fields(Agreed)]


@transaction.atomic
def draft_agreement(terms: Terms, lines: Sequence[Agreed], *, by: User | None) -> Agreement:
    """Draft an agreement with its lines; it prices nothing yet. Raise AgreementRefused for a period of no day."""
    (pk,) = draft_agreements([terms], by=by)
    agreement = Agreement.objects.get(pk=pk)
    _add_lines(agreement, lines)
    return agreement


@transaction.atomic
def draft_agreements(terms: Sequence[Terms], *, by: User | None) -> list[int]:
    """Draft agreements, without lines yet; return their ids. Raise AgreementRefused for a period of no day."""
    if any(one.valid_to <= one.valid_from for one in terms):
        raise AgreementRefused(_("An agreement ends after it begins; choose a later end."))
    now, columns = timezone.now(), {name: [getattr(one, name) for one in terms] for name in TERMS}
    since = {"status_since": now, "created_at": now, "next_try_at": now}
    drafted = {"status": AgreementStatus.DRAFT, "version": 1, "proposed_by": by, "created_by": by}
    ids = insert_rows(Agreement, columns, **drafted, **since)
    told = {
        "kind": "drafted",
        "new_status": AgreementStatus.DRAFT,
        "old_status": "",
        "note": "",
        "detail": {},
    }
    insert_rows(AgreementEvent, {"document_id": ids}, version=1, by=by, at=now, **told)
    return ids


def _add_lines(agreement: Agreement, lines: Sequence[Agreed]) -> None:
    columns: Columns = {name: [getattr(line, name) for line in lines] for name in AGREED}
    if lines:
        insert_rows(AgreementLine, columns, agreement=agreement)


@transaction.atomic
def propose_agreement(agreement_id: int, *, by: User | None) -> Agreement:
    """Ask somebody else to put a draft in force; its lines stay as they are from now on.

    Raise IllegalMove, or AgreementRefused when it has no lines or its period is over.
    """
    agreement = _locked(agreement_id)
    agreement.require_can_become(AgreementStatus.PROPOSED)
    _require_sound(agreement)
    agreement.proposed_by = by
    agreement.move_to(AgreementStatus.PROPOSED, by=by, changed=["proposed_by"])
    return agreement


@transaction.atomic
def redraft_agreement(agreement_id: int, *, by: User | None) -> Agreement:
    """Take a proposed agreement back to draft, so that its lines may change again. Raise IllegalMove."""
    agreement = _locked(agreement_id)
    agreement.move_to(AgreementStatus.DRAFT, by=by)
    return agreement


@transaction.atomic
def put_agreement_in_force(agreement_id: int, *, by: User | None) -> Agreement:
    """Let an agreement price orders of its period. Where it needs a second person, that is somebody else than proposed.

    Raise IllegalMove, NotAllowed for one's own proposal, AgreementRefused when it was not proposed, has no lines or is
    over.
    """
    agreement = _locked(agreement_id)
    agreement.require_can_become(AgreementStatus.IN_FORCE)
    _require_sound(agreement)
    if agreement.needs_approval:
        _require_second_person(agreement, by)
        agreement.approved_by = by
    agreement.remind_on = agreement.remind_on or agreement.valid_to - REMIND_BEFORE
    agreement.move_to(AgreementStatus.IN_FORCE, by=by, changed=["approved_by", "remind_on"])
    return agreement


def _require_second_person(agreement: Agreement, by: User | None) -> None:
    told = {"agreement": agreement}
    if agreement.status != AgreementStatus.PROPOSED:
        raise AgreementRefused(_("%(agreement)s needs a second person. Propose it first.") % told)
    if by is None or by.pk == agreement.proposed_by_id:
        raise NotAllowed(_("You proposed %(agreement)s; somebody else has to put it in force.") % told)
    if not by.has_perm("customers.approve_agreement"):
        raise NotAllowed(
            _("You may not put %(agreement)s in force; ask somebody who approves agreements.") % told
        )


def _require_sound(agreement: Agreement) -> None:
    told = {"agreement": agreement, "day": date_format(agreement.valid_to, "SHORT_DATE_FORMAT")}
    if not agreement.lines.exists():
        raise AgreementRefused(_("%(agreement)s has no lines; add what is agreed.") % told)
    if agreement.valid_to <= business_day():
        raise AgreementRefused(_("%(agreement)s was to end on %(day)s; give it a later end.") % told)


@transaction.atomic
def end_agreement(agreement_id: int, *, by: User | None, reason: str = "") -> Agreement:
    """End an agreement today: orders of this day and later are no longer priced by it. Raise IllegalMove.

    What was ordered before keeps its price, and what it has drawn.
    """
    agreement = _locked(agreement_id)
    agreement.require_can_become(AgreementStatus.ENDED)
    agreement.valid_to = min(agreement.valid_to, max(business_day(), agreement.valid_from))
    agreement.move_to(AgreementStatus.ENDED, by=by, note=reason[:500], changed=["valid_to"])
    return agreement


@transaction.atomic
def drop_agreement(agreement_id: int, *, by: User | None) -> Agreement:
    """Give up an agreement that was never in force. Raise IllegalMove."""
    agreement = _locked(agreement_id)
    agreement.move_to(AgreementStatus.DROPPED, by=by)
    return agreement


@transaction.atomic
def renew_agreement(agreement_id: int, *, by: User | None) -> Agreement:
    """Draft the agreement that follows this one: the same lines and as many days, nothing drawn.

    Raise AgreementRefused when it was never in force.
    """
    old = _locked(agreement_id)
    if old.status not in (AgreementStatus.IN_FORCE, AgreementStatus.ENDED):
        raise AgreementRefused(_("%(agreement)s was never in force; change it instead.") % {"agreement": old})
    terms = Terms(
        customer_id=old.customer_id,
        currency_id=old.currency_id,
        valid_from=old.valid_to,
        valid_to=old.valid_to + max(old.valid_to - old.valid_from, timedelta(days=1)),
        name=old.name,
        needs_approval=old.needs_approval,
    )
    lines = old.lines.values_list(*AGREED)
    new = draft_agreement(terms, [Agreed(*line) for line in lines], by=by)
    old.record("renewed", by=by, agreement=new.number)
    return new


def _locked(agreement_id: int) -> Agreement:
    return lock_row(Agreement, agreement_id)

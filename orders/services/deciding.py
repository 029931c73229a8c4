"""Several people of the customer may have to accept a version: any of them, all, or all one after the other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from oms.errors import Refused
from oms.models import User
from oms.rows import lock_row
from orders.models import Consent, Decider, Quote, QuoteLink, QuoteVersion
from orders.services.quoting import (
    Acceptance,
    Said,
    accept_quote,
    lock_to_accept,
    require_in_force,
    require_valid,
    version_in_force,
)
from orders.status import CONSENTED, Deciding, QuoteStatus

MOST_DECIDERS = 10


class NotYourTurn(Refused):
    """Who opened the page cannot accept the version, or not yet."""

    code = "not_your_turn"


class DecidersAreSet(Refused):
    """Who decides on a version that was sent stays as it is."""

    code = "deciders_are_set"


@dataclass(frozen=True, slots=True)
class Person:
    """Who decides at the customer's, and where a link reaches them."""

    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody who decides, whether they have accepted, and whether they could now."""

    decider: Decider
    consent: Consent | None
    is_next: bool


@transaction.atomic
def set_deciders(quote_id: int, rule: Deciding, people: Sequence[Person], *, by: User) -> Quote:
    """These people have to accept the version that is being drafted, as the rule says. Raise DecidersAreSet."""
    quote = lock_row(Quote, quote_id)
    version = version_in_force(quote)
    if version.sent_at is not None:
        raise DecidersAreSet(
            _("%(version)s was sent. Revise it, then say who decides.") % {"version": version}
        )
    if len(people) > MOST_DECIDERS or (rule != Deciding.ANY and not people):
        raise DecidersAreSet(_("Name 1 to %(n)s people who decide.") % {"n": MOST_DECIDERS})
    version.deciders.all().delete()
    Decider.objects.bulk_create(
        Decider(version=version, position=n, name=one.name, email=one.email)
        for n, one in enumerate(people, start=1)
    )
    version.deciding = rule
    version.save(update_fields=["deciding"])
    names = ", ".join(one.name for one in people)
    quote.record("deciders", by=by, note=f"{rule.label}: {names}"[:500])
    return quote


def turns_of(version: QuoteVersion) -> list[Turn]:
    """Return who decides on the version in their order, in two statements; in one where nobody was named."""
    deciders = list(version.deciders.all())
    return turns_among(version, deciders, version.consents.all() if deciders else ())


def turns_among(
    version: QuoteVersion, deciders: Iterable[Decider], consents: Iterable[Consent]
) -> list[Turn]:
    """Return whose turn it is among those who decide, in their order, once these have accepted."""
    given = {consent.decider_id: consent for consent in consents}
    found: list[Turn] = []
    for decider in deciders:
        waits = version.deciding == Deciding.IN_ORDER and any(turn.consent is None for turn in found)
        consent = given.get(decider.pk)
        found.append(Turn(decider, consent, consent is None and not waits))
    return found


def is_last(turns: Sequence[Turn], decider: Decider | None) -> bool:
    """Whether everybody else has accepted, so that this answer decides."""
    return all(turn.consent is not None or turn.decider == decider for turn in turns)


@transaction.atomic
def consent(link: QuoteLink, acceptance: Acceptance, said: Said) -> Quote:
    """Who the link is for accepts its version; with the last of them the customer has accepted.

    Raise NotYourTurn for who does not decide, has to wait or has accepted before; else like `accept_quote`.
    """
    quote = lock_to_accept(link.version.quote_id)
    require_open(quote, said)
    turns = turns_of(link.version)
    decider = whose_turn(link, turns)
    Consent.objects.create(
        version=link.version,
        decider=decider,
        name=acceptance.name,
        customer_po=acceptance.customer_po,
        link=link,
        ip=said.ip,
    )
    missing = [turn.decider.pk for turn in turns if turn.consent is None and turn.decider != decider]
    told: dict[str, Any] = {"version": link.version.number, "decider": decider.pk, "missing": missing}
    quote.record(CONSENTED, by=None, note=acceptance.name, **told)
    if missing:
        return quote
    names = ", ".join(turn.decider.name for turn in turns)[:120]
    numbers = [acceptance.customer_po, *(turn.consent.customer_po for turn in turns if turn.consent)]
    number = next((number for number in numbers if number), "")
    return accept_quote(quote.pk, Acceptance(names, number), by=None, said=said)


def require_open(quote: Quote, said: Said) -> None:
    """Raise Superseded, IllegalMove or Expired when the version can no longer be answered."""
    require_in_force(quote, said)
    quote.require_can_become(QuoteStatus.ACCEPTED)
    require_valid(quote)


def whose_turn(link: QuoteLink, turns: Sequence[Turn]) -> Decider:
    """Return who answers by the link. Raise NotYourTurn for who does not decide, has accepted or has to wait."""
    mine = next((turn for turn in turns if turn.decider.pk == link.decider_id), None)
    if mine is None:
        raise NotYourTurn(
            _("Each of those who decide accepts by a link of their own. Please ask us for yours.")
        )
    if mine.consent is not None:
        raise NotYourTurn(_("You have accepted already. Thank you!"))
    if not mine.is_next:
        before = next(turn.decider.name for turn in turns if turn.is_next)
        raise NotYourTurn(_("%(name)s accepts before you. Please come back then.") % {"name": before})
    return mine.decider

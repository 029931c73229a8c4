"""The customer answers a quote by a link: one version, one purpose, dead when revoked.

The token is random and stored as its hash: who reads our tables cannot open a link, and opening one writes nothing.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from oms.errors import Refused
from oms.languages import in_our_words
from oms.models import User
from oms.rows import lock_row
from orders.links import Invited, hashed, new_token
from orders.models import Decider, Quote, QuoteEvent, QuoteLink, QuoteVersion
from orders.services.deciding import Turn, consent, require_open, turns_of, whose_turn
from orders.services.quoting import Acceptance, Said, accept_quote, decline_quote, version_in_force
from orders.status import CONSENTED, Deciding, QuoteStatus
from orders.validity import end_of_validity

PURPOSE = "answer a quote"
LONGER = timedelta(days=14)  # after the quote's own end, so that the page can still say what became of it


class DeadLink(Refused):
    """The link opens nothing, and does not say whether it ever did."""

    code = "dead_link"


class NothingToOffer(Refused):
    """There is no version that a customer could answer."""

    code = "nothing_to_offer"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the customer said on the page."""

    accepts: bool
    name: str
    customer_po: str = ""
    reason: str = ""


def make_link(quote_id: int, *, by: User | None, decider_id: int | None = None) -> str:
    """Return the token of a new link to the version sent last, for everybody or for one who decides.

    It is told once; only its hash is kept.
    """
    quote = Quote.objects.get(pk=quote_id)
    if quote.status != QuoteStatus.SENT:
        raise NothingToOffer(
            _("%(quote)s is %(status)s, so nobody can answer it. Send a version first.")
            % {"quote": quote, "status": quote.get_status_display()}
        )
    version = quote.versions.get(number=quote.version_number)
    return _link_to(quote, version, by=by, decider=version.deciders.filter(pk=decider_id or 0).first())


def links_for_deciders(event: QuoteEvent) -> list[Invited]:
    """Return who decides and is written to about the event, with a new link for each; those they have stay valid.

    All of them are when a version was sent, and where one accepts after the other who is next when somebody has.
    """
    quote = Quote.objects.filter(pk=event.document_id, status=QuoteStatus.SENT).first()
    if quote is None or event.detail.get("version") != quote.version_number:
        return []
    version = version_in_force(quote)
    return [
        Invited(turn.decider.email, _link_to(quote, version, by=None, decider=turn.decider), before)
        for turn, before in _written_to(event, version)
        if turn.decider.email
    ]


def _written_to(event: QuoteEvent, version: QuoteVersion) -> list[tuple[Turn, str]]:
    """Return who is written to, with the name of who accepts before them."""
    turns = turns_of(version)
    if event.offers:
        first = next((turn.decider.name for turn in turns if turn.is_next), "")
        return [(turn, "" if turn.is_next else first) for turn in turns if turn.consent is None]
    if event.kind != CONSENTED or version.deciding != Deciding.IN_ORDER:
        return []
    return [(turn, "") for turn in turns if turn.is_next and turn.decider.pk in event.detail["missing"]]


def link_for_event(event: QuoteEvent) -> str | None:
    """Return the token for the letter about a version that was sent; None where there is nothing to answer."""
    quote = link_is_due(event)
    if quote is None:
        return None
    return _link_to(quote, quote.versions.get(number=quote.version_number), by=None)


def link_is_due(event: QuoteEvent) -> Quote | None:
    """Return the quote while the version that the event sent is the one to be answered."""
    return Quote.objects.get(pk=event.document_id) if event.offers and not event.is_overtaken else None


def _link_to(quote: Quote, version: QuoteVersion, *, by: User | None, decider: Decider | None = None) -> str:
    token = new_token()
    QuoteLink.objects.create(
        version=version,
        token_hash=hashed(token, PURPOSE),
        decider=decider,
        made_by=by,
        expires_at=end_of_validity(quote) + LONGER,
    )
    return token


@transaction.atomic
def revoke_links(quote_id: int, *, by: User | None) -> Quote:
    """Nobody opens the quote by any link that was made until now."""
    quote = lock_row(Quote, quote_id)
    links = QuoteLink.objects.alive().filter(version__quote=quote)
    if links.update(revoked_at=timezone.now(), revoked_by=by):
        quote.record("links revoked", by=by)
    return quote


def open_link(token: str) -> QuoteLink:
    """Return the link with its version and quote. Raise DeadLink for what is unknown, revoked or too old."""
    joined = ("version__quote__customer", "version__quote__currency", "version__quote__ship_to", "decider")
    found = QuoteLink.objects.alive().filter(token_hash=hashed(token, PURPOSE))
    link: QuoteLink | None = found.select_related(*joined).first()
    if link is None:
        raise DeadLink(_("This link is no longer valid."))
    return link


def _evidence() -> str:
    """Return how we know what was said, as the office reads it; the page that asks is in the customer's language."""
    with in_our_words():
        return _("by the link we sent")


@transaction.atomic
def answer_by_link(token: str, answer: Answer, *, ip: str | None) -> Quote:
    """Take the customer's answer, with who gave it, when, from where and to which version.

    Raise DeadLink, Superseded, Expired, NotYourTurn, or IllegalMove when it was answered before; then nothing has
    changed.
    """
    link = open_link(token)
    quote = lock_row(Quote, link.version.quote_id)
    link = open_link(token)  # nobody has revoked it while we waited
    said = Said(link.version.number, link.pk, ip, evidence=_evidence())
    if turns := turns_of(link.version):
        require_open(quote, said)
        whose_turn(link, turns)
    acceptance = Acceptance(answer.name, answer.customer_po)
    if not answer.accepts:
        return decline_quote(quote.pk, answer.reason, by=None, name=answer.name, said=said)
    if link.version.deciding != Deciding.ANY:
        return consent(link, acceptance, said)
    return accept_quote(quote.pk, acceptance, by=None, said=said)

"""Promises to questions: where, how much, when it leaves and when it arrives. No database here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from inventory.calendars import Calendar, delivery_day
from inventory.projection import NEVER, ONE_DAY, Demand, Part, Projection, Supply, project

Place = tuple[int, int]  # product, warehouse


@dataclass(frozen=True, slots=True)
class Question:
    """So many base units of a product are asked for.

    In `warehouse_id` the quantity is taken from what later questions are offered: a document's lines do not
    get the same stock twice. Nothing is promised to leave before `not_before`. Parts hold whole packs.
    """

    product_id: int
    quantity: int
    warehouse_id: int | None = None
    not_before: date | None = None
    pack: int = 1


@dataclass(frozen=True, slots=True)
class Site:
    """A warehouse at one moment, with the way from it to the receiver."""

    id: int
    code: str
    today: date
    first_ship_day: date
    calendar: Calendar
    put_away_days: int
    transit_days: int
    receiver: Calendar

    def leaves_on(self, day: date) -> date:
        """Return the first day from this one on when goods leave the site."""
        return self.calendar.first_open(max(day, self.first_ship_day))

    def leaves_for(self, wanted: date) -> date:
        """Return the last day on which goods leave to be there on the day wanted; the first one when it is too late."""
        day = min(wanted, NEVER)
        while day > self.first_ship_day and self.arrives_on(self.leaves_on(day)) > wanted:
            day -= ONE_DAY
        return self.leaves_on(day)

    def arrives_on(self, ship_on: date) -> date:
        """Return when the receiver has what leaves on that day. Carriers work on weekdays."""
        carrier = Calendar(country=self.calendar.country, subdivision=self.calendar.subdivision)
        return delivery_day(ship_on, transit_days=self.transit_days, carrier=carrier, receiver=self.receiver)


@dataclass(frozen=True, slots=True)
class Coming:
    """So many base units that can be picked from a day on, and the document that brings them."""

    on: date
    quantity: int
    document: str

    def serves_on(self, today: date) -> date:
        """Return the first day on which it can leave."""
        return Supply(self.on, self.quantity).counts_on(today)


@dataclass(frozen=True, slots=True)
class Stock:
    """What is known of a product in a warehouse. `on_hand` is not reduced by `allocated` and what quotes have `held`.

    Both stand in `demands`. No order is promised the `buffer` of other channels.
    """

    on_hand: int = 0
    allocated: int = 0
    protected: int = 0
    coming: Sequence[Coming] = ()
    demands: Sequence[Demand] = ()
    buffer: int = 0
    held: int = 0

    @property
    def free(self) -> int:
        return max(0, self.on_hand - self.allocated - self.buffer - self.held)

    @property
    def kept_back(self) -> int:
        return self.protected + self.buffer

    def brought_by(self, day: date, today: date) -> str:
        """Return the document that brings the last of what can leave on the day; none when it is there already."""
        served = [(coming.serves_on(today), coming.document) for coming in self.coming]
        return max((one for one in served if one[0] <= day), default=(today, ""))[1]

    def projection(self, today: date) -> Projection:
        supplies = [Supply(coming.on, coming.quantity) for coming in self.coming]
        return project(self.on_hand, supplies, self.demands, today=today, protected=self.kept_back)


@dataclass(frozen=True, slots=True)
class Promise:
    """So many base units can leave on a day and be there on another. `bought`: they must be purchased first."""

    quantity: int
    ship_on: date
    deliver_on: date
    bought: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """What one site can do for a question: all of it at once on one day, or in parts as they come.

    No `whole` means that nobody knows a day: neither stock nor supply suffices, and it cannot be bought.
    """

    site: Site
    quantity: int
    stock: Stock
    projection: Projection
    not_before: date
    whole: Promise | None
    parts: Sequence[Promise]

    @property
    def promisable(self) -> int:
        """What can be promised to leave on the day asked for."""
        return self.projection.promisable_on(self.not_before)

    @property
    def promisable_at_once(self) -> int:
        """What is in the house and can be promised, though it may leave only on the next working day."""
        return self.projection.promisable_on(self.site.today)


@dataclass(frozen=True, slots=True)
class Instead:
    """A product that may be sold instead, so many base units of it, and what each site offers."""

    product_id: int
    quantity: int
    offers: Sequence[Offer]


@dataclass(frozen=True, slots=True)
class Answer:
    """What every site offers for a question, the asked one first, and what may be sold instead."""

    question: Question
    offers: Sequence[Offer]
    instead: Sequence[Instead] = ()

    @property
    def here(self) -> Offer | None:
        """The offer of the site where the line waits."""
        wanted = self.question.warehouse_id
        return next((offer for offer in self.offers if offer.site.id == wanted), None)


@dataclass(frozen=True, slots=True)
class Swap:
    """`numerator` base units of `product_id` serve as well as `denominator` of another product."""

    product_id: int
    numerator: int
    denominator: int

    def quantity_for(self, quantity: int) -> int:
        return -(-quantity * self.numerator // self.denominator)


@dataclass(slots=True)
class Facts:
    """All that is known for a round of questions. `promised` remembers what earlier questions took."""

    sites: Sequence[Site]
    stocks: Mapping[Place, Stock]
    lead_days: Mapping[int, int]
    swaps: Mapping[int, Sequence[Swap]]
    projections: dict[Place, Projection] = field(default_factory=dict)

    def projection(self, product_id: int, site: Site) -> Projection:
        place = (product_id, site.id)
        if place not in self.projections:
            self.projections[place] = self.stock(place).projection(site.today)
        return self.projections[place]

    def stock(self, place: Place) -> Stock:
        return self.stocks.get(place, Stock())

    def take(self, question: Question, offer: Offer) -> None:
        """Leave to later questions what this one's promise does not need."""
        place = (question.product_id, offer.site.id)
        known = [Part(part.ship_on, part.quantity) for part in offer.parts if not part.bought]
        self.projections[place] = offer.projection.after(known)


def answers(questions: Sequence[Question], facts: Facts) -> list[Answer]:
    """Answer the questions in their order: a document's earlier line is served first."""
    return [_answer(question, facts) for question in questions]


def _answer(question: Question, facts: Facts) -> Answer:
    ordered = sorted(facts.sites, key=lambda site: site.id != question.warehouse_id)
    offers = [_offer(question, site, facts) for site in ordered]
    instead = [_instead(question, swap, ordered, facts) for swap in facts.swaps.get(question.product_id, ())]
    answer = Answer(question, offers, instead)
    if answer.here:
        facts.take(question, answer.here)
    return answer


def _instead(question: Question, swap: Swap, sites: Sequence[Site], facts: Facts) -> Instead:
    wanted = Question(
        swap.product_id, swap.quantity_for(question.quantity), question.warehouse_id, question.not_before
    )
    return Instead(wanted.product_id, wanted.quantity, [_offer(wanted, site, facts) for site in sites])


def _offer(question: Question, site: Site, facts: Facts) -> Offer:
    projection = facts.projection(question.product_id, site)
    earliest = max(site.first_ship_day, question.not_before or site.today)
    parts = _parts(question, site, projection, earliest, facts.lead_days.get(question.product_id))
    return Offer(
        site=site,
        quantity=question.quantity,
        stock=facts.stock((question.product_id, site.id)),
        projection=projection,
        not_before=max(question.not_before or site.today, site.today),
        whole=_whole(question, parts),
        parts=parts,
    )


def _parts(
    question: Question, site: Site, projection: Projection, earliest: date, lead_days: int | None
) -> list[Promise]:
    known = projection.schedule(
        question.quantity, leaves=lambda day: site.leaves_on(max(day, earliest)), pack=question.pack
    )
    parts = [Promise(part.quantity, part.on, site.arrives_on(part.on)) for part in known]
    missing = question.quantity - sum(part.quantity for part in parts)
    if missing and lead_days is not None:
        parts.append(_bought(missing, site, projection, earliest, lead_days))
    return parts


def _bought(quantity: int, site: Site, projection: Projection, earliest: date, lead_days: int) -> Promise:
    """Beyond what is known: bought today, but not sooner than what is already on its way."""
    comes = max(site.today + timedelta(days=lead_days), projection.last_rise, earliest)
    ship_on = site.leaves_on(comes)
    return Promise(quantity, ship_on, site.arrives_on(ship_on), bought=True)


def _whole(question: Question, parts: Sequence[Promise]) -> Promise | None:
    """All at once when the last part is there."""
    if not parts or sum(part.quantity for part in parts) < question.quantity:
        return None
    last = parts[-1]
    return Promise(question.quantity, last.ship_on, last.deliver_on, last.bought)

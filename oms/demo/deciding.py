"""Who agrees to what in the demo, and what a plan says in the words of the services."""

from datetime import timedelta
from decimal import Decimal

from django.contrib.auth.models import Group
from django.db.models import Q

from customers.models import Customer
from oms.demo.clock import Story
from oms.demo.house import House
from oms.demo.plans import Plan
from oms.demo.taxes import FREIGHT
from oms.demo.words import LINE_NOTES
from oms.models import ChargeKind, Company, User
from orders.models import ApprovalRequest, ApprovalRule, Order, Quote
from orders.services.approving import decide
from orders.services.capturing import Header
from orders.services.pricing import LineInput
from orders.status import RequestStatus, RuleFact, Verdict

RULES = (
    ("Total above 5,000", RuleFact.TOTAL_ABOVE, 5000, "Sales manager"),
    ("Total above 20,000", RuleFact.TOTAL_ABOVE, 20_000, "Finance"),
    ("Discount above 10 %", RuleFact.DISCOUNT_ABOVE, 10, "Sales manager"),
    ("Price typed more than 8 % below the list", RuleFact.PRICE_BELOW_LIST, 8, "Sales manager"),
    ("Margin below 10 %", RuleFact.MARGIN_BELOW, 10, "Finance"),
)

NOTED = 4  # one document in four has a note on a line


def create_rules() -> None:
    groups = {group.name: group for group in Group.objects.all()}
    ApprovalRule.objects.bulk_create(
        ApprovalRule(name=name, fact=fact, threshold=Decimal(threshold), approvers=groups[role])
        for name, fact, threshold, role in RULES
    )


def header_of(house: House, plan: Plan) -> Header:
    """Return what stands above the lines of a plan: wanted within days, with the customer's own number."""
    number = (
        f"45{plan.number:05d}"
        if plan.buyer.weight > 2
        else f"{plan.buyer.city[:3].upper()}-{plan.number:04d}"
    )
    day = plan.begins.date() + timedelta(days=3 + plan.number % 9)
    customer = house.customers[plan.buyer.code]
    return Header(customer.pk, customer_po=number, requested_on=day, charges=_freight(customer, plan))


def _freight(customer: Customer, plan: Plan) -> dict[int, Decimal]:
    """Small orders in our own currency pay for their freight."""
    if len(plan.wanted) > 3 or customer.currency_id != Company.objects.values_list("currency", flat=True)[0]:
        return {}
    kind = ChargeKind.objects.get(code=FREIGHT)
    return {kind.pk: kind.amount or Decimal(0)}


def lines_of(house: House, plan: Plan) -> list[LineInput]:
    lines = [
        LineInput(house.units[line.item.sku, line.pack.code].pk, line.ordered, line.price, line.discount)
        for line in plan.wanted
    ]
    if plan.number % NOTED == 0:
        lines[0] = lines[0]._replace(note=LINE_NOTES[plan.number % len(LINE_NOTES)])
    return lines


def rep_of(house: House, plan: Plan) -> User:
    rep = house.customers[plan.buyer.code].rep
    assert rep is not None  # noqa: S101  every customer of the demo has one
    return rep


def open_request(document: Order | Quote) -> ApprovalRequest | None:
    """Return the request that somebody has to decide on, if there is one."""
    mine = Q(order=document) if isinstance(document, Order) else Q(quote_version__quote=document)
    found: ApprovalRequest | None = ApprovalRequest.objects.filter(mine, status=RequestStatus.PENDING).first()
    return found


def deciders(house: House, plan: Plan, request: ApprovalRequest) -> list[User]:
    """Return somebody of each group that has to agree, the sales manager first."""
    groups = request.steps.filter(status=RequestStatus.PENDING).values_list("approvers__name", flat=True)
    return [house.who(role, plan.buyer.site) for role in sorted(set(groups), reverse=True)]


def agreed(house: House, plan: Plan, document: Order | Quote) -> Story[bool]:
    """Everybody who is asked agrees, one after the other; return whether anybody was asked."""
    request = open_request(document)
    if request is None:
        return False
    for decider in deciders(house, plan, request):
        yield house.clock.in_minutes(75)
        decide(request.pk, Verdict.APPROVE, by=decider)
    return True

"""What the stock card of a product shows because of orders: what can be promised by day, and what to sell instead."""

from dataclasses import dataclass
from datetime import date

from inventory.finding import counted_unit
from inventory.models import Product, Warehouse
from inventory.projection import NEVER, Step
from inventory.views.product_stock import PANELS, Panel
from oms.models import User
from orders.charts import Chart, step_chart
from orders.promising import Answer, Offer, Question
from orders.services.promising import availability

SEES_SITES = "inventory.view_warehouse"


@dataclass(frozen=True, slots=True)
class Day:
    """A change of a product's stock, told in words: what comes and goes, and what is left."""

    on: date
    coming: int
    leaving: int
    step: Step


@dataclass(frozen=True, slots=True)
class SitePanel:
    """One warehouse's projection as a picture and as a table."""

    offer: Offer
    chart: Chart
    days: list[Day]


@dataclass(frozen=True, slots=True)
class Other:
    """A product that may be sold instead, with what is free of it."""

    product: Product
    free: int


def over_time(user: User, product: Product) -> Panel:
    """Return the panel with each warehouse's projection, where there is anything to project."""
    answer = availability([Question(product.pk, 0)], Warehouse.objects.visible_to(user))[0]
    sites = [_site(offer, getattr(product, "each", 1)) for offer in answer.offers if _has_something(offer)]
    blocked = not user.has_perm(SEES_SITES)
    return Panel("orders/_over_time.html", {"sites": sites, "others": _others(answer), "blocked": blocked})


def _has_something(offer: Offer) -> bool:
    stock = offer.stock
    return bool(stock.on_hand or stock.coming or stock.demands)


def _site(offer: Offer, each: int) -> SitePanel:
    return SitePanel(
        offer, step_chart(offer.projection, each=each), [_day(offer, step) for step in offer.projection.steps]
    )


def _day(offer: Offer, step: Step) -> Day:
    today, stock = offer.site.today, offer.stock
    leaving = sum(one.quantity for one in stock.demands if min(max(one.on, today), NEVER) == step.on)
    net = offer.projection.changes[step.on] - (stock.on_hand if step.on == today else 0)
    return Day(step.on, net + leaving, leaving, step)


def _others(answer: Answer) -> list[Other]:
    found = [instead.product_id for instead in answer.instead]
    products = Product.objects.annotate(**counted_unit("pk")).in_bulk(found)
    return [
        Other(products[one.product_id], sum(offer.stock.free for offer in one.offers))
        for one in answer.instead
    ]


PANELS.append(over_time)

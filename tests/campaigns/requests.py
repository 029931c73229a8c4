"""The request that clients of a dying server make: stock is received and promised, once per key."""

from inventory.models import Location, Product, StockLevel
from inventory.services.moving import Cause, receive_stock
from oms.idempotency import Answer, fingerprint, once
from oms.models import User
from tests.builders import a_company, a_customer, a_product, a_user, a_warehouse


def a_shop() -> None:
    """What the requests are about: one product, one bin, one clerk, one customer."""
    a_company()
    a_warehouse()
    a_product()
    a_customer()
    a_user()


def received(key: str, quantity: int) -> Answer:
    """So many units came in under this key, however often it is sent."""

    def act() -> Answer:
        product, place = Product.objects.get(), Location.objects.filter(kind="pick").get()
        receive_stock({product.pk: quantity}, place, Cause(key, None))
        return Answer(200, {"on_hand": StockLevel.objects.get().on_hand})

    return once(User.objects.get(), key, fingerprint(key), act)

"""What a test committed is gone before the next one, whichever way it is emptied."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission

from orders.services.confirming import confirm_order
from tests import emptying
from tests.builders import a_product, a_submitted_order

pytestmark = pytest.mark.django_db(transaction=True)


def rows():
    """Count what each table holds, but for those that stay."""
    counted = {model._meta.label: model._default_manager.count() for model in apps.get_models()}
    return {
        label: n
        for label, n in counted.items()
        if n and apps.get_model(label)._meta.db_table not in emptying.KEPT
    }


@pytest.mark.parametrize("large", [emptying.LARGE, 0], ids=["by deleting", "by truncating"])
def test_nothing_is_left_but_what_migrating_made(large, monkeypatch):
    monkeypatch.setattr(emptying, "LARGE", large)
    confirm_order(a_submitted_order({a_product("A", on_hand=9): 2}).pk, by=None)
    assert {"orders.OrderEvent", "inventory.StockMovement"} <= rows().keys(), "ledgers too"

    emptying.empty_tables()

    assert rows() == {}
    assert Permission.objects.filter(codename="submit_order").exists()

"""Rows that change several times in an order's life keep room on their page."""

from django.db import migrations

from oms.schema import room_for_updates


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_lean_indexes")]
    operations = [
        room_for_updates("orders_allocation", 50),
        room_for_updates("orders_orderline", 40),
    ]

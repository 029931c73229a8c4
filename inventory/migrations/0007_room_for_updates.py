"""Rows that change several times in an order's life keep room on their page."""

from django.db import migrations

from oms.schema import room_for_updates


class Migration(migrations.Migration):
    dependencies = [("inventory", "0006_lean_indexes")]
    operations = [
        room_for_updates("inventory_stocklevel", 50),
        room_for_updates("inventory_binstock", 50),
    ]

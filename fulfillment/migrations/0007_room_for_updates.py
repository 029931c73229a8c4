"""Rows that change several times in an order's life keep room on their page."""

from django.db import migrations

from oms.schema import room_for_updates


class Migration(migrations.Migration):
    dependencies = [("fulfillment", "0006_lean_indexes")]
    operations = [
        room_for_updates("fulfillment_shipmentline", 50),
        room_for_updates("fulfillment_picktask", 50),
    ]

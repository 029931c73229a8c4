"""Sequences come first: the tables number their documents from them."""

from django.db import migrations

from oms.numbering import create_sequence


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        create_sequence("fulfillment_shipment_number"),
    ]

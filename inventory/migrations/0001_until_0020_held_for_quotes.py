"""All tables of inventory as they stood after 0020_held_for_quotes: a new database is made in one step and not in 20."""

import datetime
from decimal import Decimal

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import oms.barcodes
import oms.models.company
import oms.numbering
from oms.numbering import create_sequence
from oms.schema import AtOnce, room_for_updates


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("inventory", "0001_sequences"),
        ("inventory", "0002_tables"),
        ("inventory", "0003_tables"),
        ("inventory", "0004_restock_retry"),
        ("inventory", "0005_movements_by_document"),
        ("inventory", "0006_lean_indexes"),
        ("inventory", "0007_room_for_updates"),
        ("inventory", "0008_done_counts_know_what_was_found"),
        ("inventory", "0009_keys_proven_in_sets"),
        ("inventory", "0010_transfers"),
        ("inventory", "0011_inbound_supply"),
        ("inventory", "0012_counting"),
        ("inventory", "0013_calendars_and_substitutes"),
        ("inventory", "0014_allocation"),
        ("inventory", "0015_sales_units"),
        ("inventory", "0016_finished_counts"),
        ("inventory", "0017_search_indexes"),
        ("inventory", "0018_horizon_and_buffer"),
        ("inventory", "0019_taxes"),
        ("inventory", "0020_held_for_quotes"),
    ]
    dependencies = [
        ("oms", "0006_taxes"),
    ]
    operations = [
        create_sequence("inventory_purchase_number"),
        create_sequence("inventory_transfer_number"),
        create_sequence("inventory_adjustment_number"),
        create_sequence("inventory_sheet_number"),
        AtOnce(
            steps=[
                migrations.CreateModel(
                    name="Location",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=30, verbose_name="code")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("pick", "pick"),
                                    ("reserve", "reserve"),
                                    ("receiving", "receiving"),
                                    ("staging", "staging"),
                                    ("quarantine", "quarantine"),
                                    ("suspect", "suspect"),
                                    ("transit", "transit"),
                                ],
                                default="pick",
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        ("walk_order", models.PositiveIntegerField(default=0, verbose_name="walk order")),
                    ],
                    options={
                        "verbose_name": "location",
                        "verbose_name_plural": "locations",
                        "ordering": ["warehouse", "walk_order", "code"],
                    },
                ),
                migrations.CreateModel(
                    name="Category",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.category",
                                verbose_name="parent",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "category",
                        "verbose_name_plural": "categories",
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="CountSheet",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "number",
                            models.CharField(
                                db_default=django.db.models.functions.text.Concat(
                                    models.Value("CS-"),
                                    django.db.models.functions.comparison.Cast(
                                        oms.numbering.NextValue(models.Value("inventory_sheet_number")),
                                        models.CharField(),
                                    ),
                                    output_field=models.CharField(),
                                ),
                                editable=False,
                                max_length=20,
                                unique=True,
                                verbose_name="number",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("open", "open"), ("closed", "closed")],
                                default="open",
                                max_length=20,
                                verbose_name="status",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="created at"
                            ),
                        ),
                        ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                        (
                            "closed_by",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="closed by",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="created by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "count sheet",
                        "verbose_name_plural": "count sheets",
                        "ordering": ["-pk"],
                        "permissions": [("count_stock", "Can count bins")],
                    },
                ),
                migrations.CreateModel(
                    name="CountStop",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "sheet",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="stops",
                                to="inventory.countsheet",
                                verbose_name="sheet",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.location",
                                verbose_name="location",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "bin to count",
                        "verbose_name_plural": "bins to count",
                    },
                ),
                migrations.CreateModel(
                    name="CountRound",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="round")),
                        (
                            "at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="counted at"
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="counted by",
                            ),
                        ),
                        (
                            "stop",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rounds",
                                to="inventory.countstop",
                                verbose_name="bin",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "round of a count",
                        "verbose_name_plural": "rounds of a count",
                        "ordering": ["stop", "number"],
                    },
                ),
                migrations.CreateModel(
                    name="Product",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sku", models.CharField(max_length=60, unique=True, verbose_name="SKU")),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("active", "active"),
                                    ("blocked", "blocked"),
                                    ("discontinued", "discontinued"),
                                ],
                                default="active",
                                max_length=20,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "cost",
                            models.DecimalField(
                                decimal_places=6,
                                default=Decimal("0"),
                                help_text="in the company's currency",
                                max_digits=18,
                                verbose_name="cost per base unit",
                            ),
                        ),
                        (
                            "weight_grams",
                            models.PositiveIntegerField(
                                default=0, help_text="of one base unit", verbose_name="weight in grams"
                            ),
                        ),
                        (
                            "backorder_allowed",
                            models.BooleanField(default=True, verbose_name="backorder allowed"),
                        ),
                        (
                            "allocation",
                            models.CharField(
                                choices=[
                                    ("rank", "by rank: first come, first served"),
                                    ("fair", "fair share: each its part, in whole packs"),
                                ],
                                db_default="rank",
                                default="rank",
                                max_length=10,
                                verbose_name="when it is scarce",
                            ),
                        ),
                        (
                            "category",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.category",
                                verbose_name="category",
                            ),
                        ),
                        (
                            "superseded_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.product",
                                verbose_name="superseded by",
                            ),
                        ),
                        (
                            "tax_class",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                help_text="empty: the usual one",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="oms.taxclass",
                                verbose_name="tax class",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "product",
                        "verbose_name_plural": "products",
                        "ordering": ["sku"],
                        "permissions": [("view_cost", "Can see cost and margin")],
                    },
                ),
                migrations.CreateModel(
                    name="CountEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("found", models.BigIntegerField(verbose_name="found")),
                        ("ledger", models.BigIntegerField(verbose_name="ledger")),
                        (
                            "variance",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.expressions.CombinedExpression(
                                    models.F("found"), "-", models.F("ledger")
                                ),
                                output_field=models.BigIntegerField(),
                                verbose_name="variance",
                            ),
                        ),
                        (
                            "round",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="inventory.countround",
                                verbose_name="round",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.product",
                                verbose_name="product",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "count of a product",
                        "verbose_name_plural": "counts of products",
                    },
                ),
                migrations.CreateModel(
                    name="BinStock",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("quantity", models.BigIntegerField(default=0, verbose_name="quantity")),
                        ("claimed", models.BigIntegerField(db_default=0, default=0, verbose_name="claimed")),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bins",
                                to="inventory.location",
                                verbose_name="location",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bins",
                                to="inventory.product",
                                verbose_name="product",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "bin stock",
                        "verbose_name_plural": "bin stock",
                    },
                ),
                migrations.CreateModel(
                    name="ProductUnit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                help_text="UN/ECE Recommendation 20, such as C62 or KGM",
                                max_length=3,
                                verbose_name="unit",
                            ),
                        ),
                        ("name", models.CharField(max_length=30, verbose_name="name")),
                        (
                            "numerator",
                            models.PositiveIntegerField(
                                default=1,
                                help_text="stays for ever; give another packing another unit",
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="base units",
                            ),
                        ),
                        (
                            "denominator",
                            models.PositiveIntegerField(
                                default=1,
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="for so many",
                            ),
                        ),
                        (
                            "gtin",
                            models.CharField(
                                blank=True,
                                max_length=14,
                                null=True,
                                unique=True,
                                validators=[oms.barcodes.require_gtin],
                                verbose_name="GTIN",
                            ),
                        ),
                        (
                            "multiple",
                            models.PositiveIntegerField(
                                default=1,
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="sold in multiples of",
                            ),
                        ),
                        (
                            "minimum",
                            models.PositiveIntegerField(
                                db_default=1,
                                default=1,
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="minimum",
                            ),
                        ),
                        ("is_default", models.BooleanField(default=False, verbose_name="offered first")),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="units",
                                to="inventory.product",
                                verbose_name="product",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "sales unit",
                        "verbose_name_plural": "sales units",
                        "ordering": ["product", "numerator"],
                    },
                ),
                migrations.CreateModel(
                    name="PurchaseOrder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "status_since",
                            models.DateTimeField(
                                default=django.utils.timezone.now, editable=False, verbose_name="status since"
                            ),
                        ),
                        (
                            "version",
                            models.PositiveIntegerField(default=0, editable=False, verbose_name="version"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "number",
                            models.CharField(
                                db_default=django.db.models.functions.text.Concat(
                                    models.Value("PO-"),
                                    django.db.models.functions.comparison.Cast(
                                        oms.numbering.NextValue(models.Value("inventory_purchase_number")),
                                        models.CharField(),
                                    ),
                                    output_field=models.CharField(),
                                ),
                                editable=False,
                                max_length=20,
                                unique=True,
                                verbose_name="number",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "open"),
                                    ("received", "received"),
                                    ("cancelled", "cancelled"),
                                ],
                                default="open",
                                editable=False,
                                max_length=20,
                                verbose_name="status",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        (
                            "created_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="created by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "purchase order",
                        "verbose_name_plural": "purchase orders",
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="PurchaseOrderEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(verbose_name="version")),
                        ("kind", models.CharField(max_length=40, verbose_name="kind")),
                        ("old_status", models.CharField(blank=True, max_length=20, verbose_name="from")),
                        ("new_status", models.CharField(blank=True, max_length=20, verbose_name="to")),
                        (
                            "at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(), verbose_name="at"
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                        ("detail", models.JSONField(default=dict, verbose_name="detail")),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="inventory.purchaseorder",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["document", "version"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="PurchaseOrderLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("ordered", models.BigIntegerField(verbose_name="ordered")),
                        ("tolerated", models.BigIntegerField(default=0, verbose_name="tolerated beyond")),
                        ("received", models.BigIntegerField(default=0, verbose_name="received")),
                        ("in_time", models.BigIntegerField(default=0, verbose_name="received in time")),
                        ("cancelled", models.BigIntegerField(default=0, verbose_name="cancelled")),
                        (
                            "due",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.functions.comparison.Greatest(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("ordered"), "-", models.F("received")
                                        ),
                                        "-",
                                        models.F("cancelled"),
                                    ),
                                    models.Value(0),
                                ),
                                output_field=models.BigIntegerField(),
                                verbose_name="due",
                            ),
                        ),
                        ("expected_on", models.DateField(verbose_name="expected on")),
                        ("confirmed", models.BigIntegerField(null=True, verbose_name="confirmed")),
                        ("confirmed_on", models.DateField(null=True, verbose_name="confirmed for")),
                        ("promised_on", models.DateField(null=True, verbose_name="first confirmed for")),
                        (
                            "due_on",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.functions.comparison.Coalesce(
                                    models.F("confirmed_on"), models.F("expected_on")
                                ),
                                output_field=models.DateField(),
                                verbose_name="due on",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.product",
                                verbose_name="product",
                            ),
                        ),
                        (
                            "purchase_order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="inventory.purchaseorder",
                                verbose_name="purchase order",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "purchase order line",
                        "verbose_name_plural": "purchase order lines",
                        "ordering": ["purchase_order", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Receipt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "delivery_note",
                            models.CharField(blank=True, max_length=40, verbose_name="delivery note"),
                        ),
                        ("received_on", models.DateField(verbose_name="came on")),
                        ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                        (
                            "at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(), verbose_name="at"
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "purchase_order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipts",
                                to="inventory.purchaseorder",
                                verbose_name="purchase order",
                            ),
                        ),
                        (
                            "takes_back",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="taken_back_by",
                                to="inventory.receipt",
                                verbose_name="takes back",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "receipt",
                        "verbose_name_plural": "receipts",
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="ReceiptLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("quantity", models.BigIntegerField(verbose_name="quantity")),
                        ("promised_on", models.DateField(verbose_name="promised for")),
                        ("told_on", models.DateField(verbose_name="told for")),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipts",
                                to="inventory.purchaseorderline",
                                verbose_name="line",
                            ),
                        ),
                        (
                            "receipt",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="inventory.receipt",
                                verbose_name="receipt",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "receipt line",
                        "verbose_name_plural": "receipt lines",
                        "ordering": ["receipt", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="StockAdjustment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "number",
                            models.CharField(
                                db_default=django.db.models.functions.text.Concat(
                                    models.Value("ADJ-"),
                                    django.db.models.functions.comparison.Cast(
                                        oms.numbering.NextValue(models.Value("inventory_adjustment_number")),
                                        models.CharField(),
                                    ),
                                    output_field=models.CharField(),
                                ),
                                editable=False,
                                max_length=20,
                                unique=True,
                                verbose_name="number",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("adjust", "by hand"), ("count", "found by a count")],
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("proposed", "to be decided"),
                                    ("applied", "applied"),
                                    ("rejected", "rejected"),
                                    ("withdrawn", "counted again"),
                                ],
                                default="proposed",
                                max_length=20,
                                verbose_name="status",
                            ),
                        ),
                        ("difference", models.BigIntegerField(verbose_name="difference")),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("damaged", "damaged"),
                                    ("found", "found"),
                                    ("lost", "lost"),
                                    ("sample", "taken as a sample"),
                                    ("expired", "expired"),
                                    ("data_error", "the ledger was wrong"),
                                    ("counted", "counted"),
                                    ("other", "other"),
                                ],
                                max_length=20,
                                verbose_name="reason",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        (
                            "value",
                            models.DecimalField(
                                decimal_places=4, default=Decimal("0"), max_digits=30, verbose_name="value"
                            ),
                        ),
                        ("within_limit", models.BooleanField(verbose_name="within the limit")),
                        (
                            "proposed_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="proposed at"
                            ),
                        ),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
                        (
                            "decision_note",
                            models.CharField(blank=True, max_length=200, verbose_name="decision"),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="decided by",
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adjustment",
                                to="inventory.countentry",
                                verbose_name="count",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.location",
                                verbose_name="location",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.product",
                                verbose_name="product",
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="proposed by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "stock adjustment",
                        "verbose_name_plural": "stock adjustments",
                        "ordering": ["-pk"],
                        "permissions": [
                            ("decide_stockadjustment", "Can decide on stock adjustments of others"),
                            ("decide_everywhere", "Can see and decide stock adjustments of all warehouses"),
                            ("quarantine_stock", "Can put stock into quarantine and release it"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StockCount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("open", "open"), ("done", "done")],
                                default="open",
                                max_length=20,
                                verbose_name="status",
                            ),
                        ),
                        ("missing", models.BigIntegerField(verbose_name="missing")),
                        ("found", models.BigIntegerField(blank=True, null=True, verbose_name="found")),
                        ("cause", models.CharField(max_length=200, verbose_name="cause")),
                        (
                            "opened_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="opened at"),
                        ),
                        ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done at")),
                        (
                            "done_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="done by",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.location",
                                verbose_name="location",
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="opened by",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.product",
                                verbose_name="product",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "stock count",
                        "verbose_name_plural": "stock counts",
                        "ordering": ["status", "pk"],
                        "permissions": [("finish_count", "Can finish a stock count")],
                    },
                ),
                migrations.CreateModel(
                    name="StockMovement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("receive", "receive"),
                                    ("issue", "issue"),
                                    ("transfer", "transfer"),
                                    ("adjust", "adjust"),
                                    ("count", "count"),
                                    ("return", "return"),
                                ],
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        ("quantity", models.BigIntegerField(verbose_name="quantity")),
                        (
                            "document",
                            models.CharField(
                                help_text="the number of what caused it",
                                max_length=40,
                                verbose_name="document",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                        (
                            "at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(), verbose_name="at"
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "from_location",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.location",
                                verbose_name="from",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.product",
                                verbose_name="product",
                            ),
                        ),
                        (
                            "to_location",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.location",
                                verbose_name="to",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "stock movement",
                        "verbose_name_plural": "stock movements",
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Substitute",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "numerator",
                            models.PositiveIntegerField(
                                default=1, verbose_name="base units of the substitute"
                            ),
                        ),
                        (
                            "denominator",
                            models.PositiveIntegerField(default=1, verbose_name="for so many of the product"),
                        ),
                        (
                            "rank",
                            models.PositiveSmallIntegerField(
                                default=1, help_text="1 is offered first", verbose_name="rank"
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="substitutes",
                                to="inventory.product",
                                verbose_name="product",
                            ),
                        ),
                        (
                            "substitute",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="inventory.product",
                                verbose_name="substitute",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "substitute",
                        "verbose_name_plural": "substitutes",
                        "ordering": ["product", "rank", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Supplier",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                        ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                        (
                            "lead_time_days",
                            models.PositiveSmallIntegerField(default=7, verbose_name="lead time in days"),
                        ),
                        (
                            "tolerance_percent",
                            models.PositiveSmallIntegerField(
                                db_default=0,
                                default=0,
                                help_text="of what a line orders; what comes beyond it is refused at the dock",
                                validators=[django.core.validators.MaxValueValidator(100)],
                                verbose_name="may deliver more, in percent",
                            ),
                        ),
                        (
                            "learned_delay_days",
                            models.PositiveSmallIntegerField(
                                db_default=0,
                                default=0,
                                editable=False,
                                help_text="how late the last deliveries were on average; learned every night",
                                verbose_name="learned delay in days",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "supplier",
                        "verbose_name_plural": "suppliers",
                        "ordering": ["name"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("tolerance_percent__lte", 100)),
                                name="tolerance_is_at_most_the_same_again",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SupplierProduct",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "supplier_sku",
                            models.CharField(blank=True, max_length=60, verbose_name="supplier's SKU"),
                        ),
                        (
                            "cost",
                            models.DecimalField(
                                decimal_places=6, max_digits=18, verbose_name="cost per base unit"
                            ),
                        ),
                        ("minimum", models.PositiveBigIntegerField(default=1, verbose_name="minimum")),
                        ("multiple", models.PositiveBigIntegerField(default=1, verbose_name="multiple")),
                        (
                            "lead_time_days",
                            models.PositiveSmallIntegerField(default=7, verbose_name="lead time in days"),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="suppliers",
                                to="inventory.product",
                                verbose_name="product",
                            ),
                        ),
                        (
                            "supplier",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="products",
                                to="inventory.supplier",
                                verbose_name="supplier",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "supplier's product",
                        "verbose_name_plural": "suppliers' products",
                        "ordering": ["product", "cost"],
                    },
                ),
                migrations.CreateModel(
                    name="Transfer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "status_since",
                            models.DateTimeField(
                                default=django.utils.timezone.now, editable=False, verbose_name="status since"
                            ),
                        ),
                        (
                            "version",
                            models.PositiveIntegerField(default=0, editable=False, verbose_name="version"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "number",
                            models.CharField(
                                db_default=django.db.models.functions.text.Concat(
                                    models.Value("TR-"),
                                    django.db.models.functions.comparison.Cast(
                                        oms.numbering.NextValue(models.Value("inventory_transfer_number")),
                                        models.CharField(),
                                    ),
                                    output_field=models.CharField(),
                                ),
                                editable=False,
                                max_length=20,
                                unique=True,
                                verbose_name="number",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("planned", "planned"),
                                    ("dispatched", "dispatched"),
                                    ("received", "received"),
                                    ("cancelled", "cancelled"),
                                ],
                                default="planned",
                                editable=False,
                                max_length=20,
                                verbose_name="status",
                            ),
                        ),
                        ("ship_on", models.DateField(verbose_name="leaves on")),
                        ("arrive_on", models.DateField(verbose_name="arrives on")),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        (
                            "created_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="created by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "transfer",
                        "verbose_name_plural": "transfers",
                        "ordering": ["-pk"],
                        "permissions": [
                            ("plan_any_transfer", "Can plan transfers between warehouses of others"),
                            ("dispatch_transfer", "Can dispatch transfers"),
                            ("receive_transfer", "Can receive transfers"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TransferEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(verbose_name="version")),
                        ("kind", models.CharField(max_length=40, verbose_name="kind")),
                        ("old_status", models.CharField(blank=True, max_length=20, verbose_name="from")),
                        ("new_status", models.CharField(blank=True, max_length=20, verbose_name="to")),
                        (
                            "at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(), verbose_name="at"
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                        ("detail", models.JSONField(default=dict, verbose_name="detail")),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="inventory.transfer",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["document", "version"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="TransferLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("ordered", models.BigIntegerField(verbose_name="planned")),
                        ("cancelled", models.BigIntegerField(default=0, verbose_name="cancelled")),
                        ("dispatched", models.BigIntegerField(default=0, verbose_name="dispatched")),
                        ("received", models.BigIntegerField(default=0, verbose_name="received")),
                        ("lost", models.BigIntegerField(default=0, verbose_name="lost")),
                        (
                            "to_dispatch",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("ordered"), "-", models.F("cancelled")
                                    ),
                                    "-",
                                    models.F("dispatched"),
                                ),
                                output_field=models.BigIntegerField(),
                                verbose_name="to dispatch",
                            ),
                        ),
                        (
                            "in_transit",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("dispatched"), "-", models.F("received")
                                    ),
                                    "-",
                                    models.F("lost"),
                                ),
                                output_field=models.BigIntegerField(),
                                verbose_name="on the way",
                            ),
                        ),
                        (
                            "due",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("ordered"), "-", models.F("cancelled")
                                        ),
                                        "-",
                                        models.F("received"),
                                    ),
                                    "-",
                                    models.F("lost"),
                                ),
                                output_field=models.BigIntegerField(),
                                verbose_name="due",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.product",
                                verbose_name="product",
                            ),
                        ),
                        (
                            "transfer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="inventory.transfer",
                                verbose_name="transfer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "transfer line",
                        "verbose_name_plural": "transfer lines",
                        "ordering": ["transfer", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Warehouse",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        ("street", models.CharField(blank=True, max_length=200, verbose_name="street")),
                        (
                            "postal_code",
                            models.CharField(blank=True, max_length=20, verbose_name="postal code"),
                        ),
                        ("city", models.CharField(blank=True, max_length=80, verbose_name="city")),
                        (
                            "country",
                            models.CharField(
                                blank=True,
                                help_text="ISO 3166, two letters",
                                max_length=2,
                                verbose_name="country",
                            ),
                        ),
                        (
                            "zone",
                            models.CharField(
                                default="Europe/Berlin",
                                max_length=60,
                                validators=[oms.models.company.require_known_zone],
                                verbose_name="time zone",
                            ),
                        ),
                        (
                            "ship_cut_off",
                            models.TimeField(default=datetime.time(15, 0), verbose_name="ship cut-off"),
                        ),
                        (
                            "subdivision",
                            models.CharField(
                                blank=True,
                                help_text="whose public holidays count, such as HH or CA; empty for those of the whole country",
                                max_length=10,
                                verbose_name="state or province",
                            ),
                        ),
                        (
                            "working_days",
                            models.CharField(
                                default="12345",
                                help_text="1 is Monday, 7 is Sunday; public holidays are free",
                                max_length=7,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^(?=.)1?2?3?4?5?6?7?$",
                                        "Weekdays are digits from 1 (Monday) to 7 (Sunday), each once.",
                                    )
                                ],
                                verbose_name="working days",
                            ),
                        ),
                        (
                            "put_away_days",
                            models.PositiveSmallIntegerField(
                                default=0,
                                help_text="working days from the dock to the shelf",
                                verbose_name="put-away days",
                            ),
                        ),
                        (
                            "transit_days",
                            models.PositiveSmallIntegerField(
                                default=2,
                                help_text="working days to places without a row of their own",
                                verbose_name="days on the way",
                            ),
                        ),
                        (
                            "adjust_units",
                            models.PositiveBigIntegerField(
                                db_default=100,
                                default=100,
                                help_text="base units of a product that one person may adjust per day; 0: a second person always agrees",
                                verbose_name="units adjusted alone",
                            ),
                        ),
                        (
                            "adjust_value",
                            models.DecimalField(
                                db_default=Decimal("100"),
                                decimal_places=4,
                                default=Decimal("100"),
                                help_text="the same as a value at cost, in the company's currency; both limits count",
                                max_digits=18,
                                verbose_name="value adjusted alone",
                            ),
                        ),
                        (
                            "allocation_horizon_days",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="days before an order is due; empty: as soon as it is confirmed",
                                null=True,
                                verbose_name="stock set aside",
                            ),
                        ),
                        (
                            "members",
                            models.ManyToManyField(
                                blank=True,
                                related_name="warehouses",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="people",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "warehouse",
                        "verbose_name_plural": "warehouses",
                        "ordering": ["code"],
                    },
                ),
                migrations.CreateModel(
                    name="TransitTime",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "country",
                            models.CharField(
                                help_text="ISO 3166, two letters", max_length=2, verbose_name="to country"
                            ),
                        ),
                        (
                            "region",
                            models.CharField(
                                blank=True,
                                help_text="as in addresses; empty for the whole country",
                                max_length=80,
                                verbose_name="region",
                            ),
                        ),
                        ("days", models.PositiveSmallIntegerField(verbose_name="days on the way")),
                        (
                            "warehouse",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="transit_times",
                                to="inventory.warehouse",
                                verbose_name="warehouse",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "transit time",
                        "verbose_name_plural": "transit times",
                        "ordering": ["warehouse", "country", "region"],
                    },
                ),
                migrations.CreateModel(
                    name="StockLevel",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("on_hand", models.BigIntegerField(default=0, verbose_name="on hand")),
                        ("allocated", models.BigIntegerField(default=0, verbose_name="allocated")),
                        (
                            "available",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.expressions.CombinedExpression(
                                    models.F("on_hand"), "-", models.F("allocated")
                                ),
                                output_field=models.BigIntegerField(),
                                verbose_name="available",
                            ),
                        ),
                        (
                            "channel_buffer",
                            models.BigIntegerField(
                                db_default=0, default=0, verbose_name="for other channels"
                            ),
                        ),
                        (
                            "held",
                            models.BigIntegerField(db_default=0, default=0, verbose_name="held for quotes"),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="levels",
                                to="inventory.product",
                                verbose_name="product",
                            ),
                        ),
                        (
                            "warehouse",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="levels",
                                to="inventory.warehouse",
                                verbose_name="warehouse",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "stock level",
                        "verbose_name_plural": "stock levels",
                        "permissions": [
                            ("receive_stock", "Can receive stock"),
                            ("adjust_stock", "Can adjust stock"),
                            ("move_stock", "Can move stock between locations"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RestockAlert",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("reorder", "reorder: too little even with what is on its way"),
                                    ("expedite", "expedite: the shelf is low, supply is on its way"),
                                ],
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        ("on_hand", models.BigIntegerField(verbose_name="on hand")),
                        ("inbound", models.BigIntegerField(verbose_name="on its way")),
                        ("demand", models.BigIntegerField(verbose_name="open demand")),
                        ("reorder_point", models.BigIntegerField(verbose_name="reorder point")),
                        (
                            "suggested",
                            models.BigIntegerField(
                                help_text="0: nothing to buy, hurry the supply",
                                verbose_name="suggested purchase",
                            ),
                        ),
                        (
                            "opened_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="opened at"),
                        ),
                        (
                            "updated_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="updated at"
                            ),
                        ),
                        ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                        (
                            "announced_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="announced at"),
                        ),
                        (
                            "next_try_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                editable=False,
                                verbose_name="next try to announce",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.product",
                                verbose_name="product",
                            ),
                        ),
                        (
                            "warehouse",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.warehouse",
                                verbose_name="warehouse",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "restock alert",
                        "verbose_name_plural": "restock alerts",
                        "ordering": ["-opened_at"],
                    },
                ),
                migrations.CreateModel(
                    name="ReorderPolicy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reorder_point", models.BigIntegerField(verbose_name="reorder point")),
                        ("order_up_to", models.BigIntegerField(verbose_name="order up to")),
                        (
                            "protected",
                            models.BigIntegerField(
                                db_default=0,
                                default=0,
                                help_text="kept back when dates are promised",
                                verbose_name="protected stock",
                            ),
                        ),
                        (
                            "channel_buffer",
                            models.BigIntegerField(
                                db_default=0,
                                default=0,
                                help_text="kept for other channels, such as a shop; no order is given it",
                                verbose_name="channel buffer",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                to="inventory.product",
                                verbose_name="product",
                            ),
                        ),
                        (
                            "warehouse",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.warehouse",
                                verbose_name="warehouse",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "reorder policy",
                        "verbose_name_plural": "reorder policies",
                        "ordering": ["product", "warehouse"],
                    },
                ),
                migrations.CreateModel(
                    name="ClosingDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField(verbose_name="day")),
                        ("note", models.CharField(blank=True, max_length=80, verbose_name="note")),
                        (
                            "warehouse",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="closing_days",
                                to="inventory.warehouse",
                                verbose_name="warehouse",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "closing day",
                        "verbose_name_plural": "closing days",
                        "ordering": ["day"],
                    },
                ),
            ],
        ),
        AtOnce(
            steps=[
                migrations.AddField(
                    model_name="countstop",
                    name="product",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.product",
                        verbose_name="product",
                    ),
                ),
                migrations.AddField(
                    model_name="purchaseorder",
                    name="supplier",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="inventory.supplier",
                        verbose_name="supplier",
                    ),
                ),
                migrations.AddField(
                    model_name="transfer",
                    name="source",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers_out",
                        to="inventory.warehouse",
                        verbose_name="from",
                    ),
                ),
                migrations.AddField(
                    model_name="transfer",
                    name="target",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers_in",
                        to="inventory.warehouse",
                        verbose_name="to",
                    ),
                ),
                migrations.AddField(
                    model_name="purchaseorder",
                    name="warehouse",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="inventory.warehouse",
                        verbose_name="warehouse",
                    ),
                ),
                migrations.AddField(
                    model_name="location",
                    name="warehouse",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="locations",
                        to="inventory.warehouse",
                        verbose_name="warehouse",
                    ),
                ),
                migrations.AddField(
                    model_name="countsheet",
                    name="warehouse",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="inventory.warehouse",
                        verbose_name="warehouse",
                    ),
                ),
            ],
        ),
        AtOnce(
            steps=[
                migrations.AddConstraint(
                    model_name="category",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("parent", models.F("id")), _negated=True),
                        name="category_is_not_its_own_parent",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="countround",
                    constraint=models.UniqueConstraint(
                        fields=("stop", "number"), name="a_bin_is_counted_by_one_at_a_time"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="countround",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="rounds_begin_with_one"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="countround",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="1fe0ff29922b2907b093df9b93644f87f6628f0f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_bca60",
                            table="inventory_countround",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="product",
                    index=models.Index(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("sku"), "text_pattern_ops"
                        ),
                        name="product_sku_any_case",
                    ),
                ),
                migrations.AddIndex(
                    model_name="product",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector("name", config="simple"),
                        name="product_name_words",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="product",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("cost__gte", 0)), name="cost_is_never_negative"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="product",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("superseded_by", models.F("id")), _negated=True),
                        name="product_does_not_supersede_itself",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="product",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("sku", ""), _negated=True), name="product_has_a_sku"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="product",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="8f684cd5a47bfe4663129fe1be0f856208308450",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_b4c9c",
                            table="inventory_product",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="countstop",
                    constraint=models.UniqueConstraint(
                        fields=("sheet", "location", "product"),
                        name="one_stop_per_sheet_bin_and_product",
                        nulls_distinct=False,
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="countstop",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="82a12c9e1d7bb880b7f795ba2d1b1650412b78a4",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_22d16",
                            table="inventory_countstop",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="countentry",
                    constraint=models.UniqueConstraint(
                        fields=("round", "product"), name="a_round_counts_each_product_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="countentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("found__gte", 0), ("ledger__gte", 0)),
                        name="nobody_counts_less_than_nothing",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="countentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="6ec44e8cc58e7cfaa7e3d29a735646adcb043448",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_7826e",
                            table="inventory_countentry",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="binstock",
                    constraint=models.UniqueConstraint(
                        fields=("product", "location"), name="one_row_per_product_and_location"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="binstock",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 0)), name="never_less_than_nothing_in_a_bin"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="binstock",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("claimed__gte", 0), ("claimed__lte", models.F("quantity"))),
                        name="never_take_what_a_picker_comes_for",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="binstock",
                    trigger=pgtrigger.compiler.Trigger(
                        name="balance_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (NEW.quantity IS DISTINCT FROM OLD.quantity OR NEW.claimed IS DISTINCT FROM OLD.claimed))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="49351bdd14ea134f1fcfac576a65d71753626da4",
                            operation="UPDATE",
                            pgid="pgtrigger_balance_update_a669b",
                            table="inventory_binstock",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="binstock",
                    trigger=pgtrigger.compiler.Trigger(
                        name="balance_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (NEW.quantity <> 0 OR NEW.claimed <> 0))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="235dad2d7fbb68baace582027ce3f2e733f8dd5f",
                            operation="INSERT",
                            pgid="pgtrigger_balance_insert_54ba2",
                            table="inventory_binstock",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="binstock",
                    trigger=pgtrigger.compiler.Trigger(
                        name="balance_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (OLD.quantity <> 0 OR OLD.claimed <> 0))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="1d4599ad3708df8910243e1cee97e67a01df7cbe",
                            operation="DELETE",
                            pgid="pgtrigger_balance_delete_172e4",
                            table="inventory_binstock",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="binstock",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="0392b9374c1c3292731e71b73a46d29eb077b3d3",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_7fb41",
                            table="inventory_binstock",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="productunit",
                    constraint=models.UniqueConstraint(
                        fields=("product", "code"), name="one_row_per_product_and_unit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="productunit",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("product",),
                        name="one_unit_is_offered_first",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="productunit",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("denominator__gte", 1), ("multiple__gte", 1), ("numerator__gte", 1)
                        ),
                        name="unit_ratio_is_positive",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="productunit",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("minimum__gte", 1)), name="unit_minimum_is_positive"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="productunit",
                    trigger=pgtrigger.compiler.Trigger(
                        name="ratio_never_changes",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.product_id IS DISTINCT FROM OLD.product_id OR NEW.numerator IS DISTINCT FROM OLD.numerator OR NEW.denominator IS DISTINCT FROM OLD.denominator)",
                            func="RAISE EXCEPTION 'product and ratio of unit % never change', OLD.code USING ERRCODE = 'check_violation';",
                            hash="f09bae75a1154d23fba12c5e74edaed22a686e9d",
                            operation="UPDATE",
                            pgid="pgtrigger_ratio_never_changes_0a859",
                            table="inventory_productunit",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="purchaseorderevent",
                    constraint=models.UniqueConstraint(
                        fields=("document", "version"), name="one_purchase_event_per_version"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="purchaseorderevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="80c262e082af3b1773fffc2aa83bf4fa696839a6",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_aec7b",
                            table="inventory_purchaseorderevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="purchaseorderline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("ordered__gt", 0)), name="purchase_orders_something"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="purchaseorderline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("cancelled__gte", 0), ("received__gte", 0), ("tolerated__gte", 0)
                        ),
                        name="purchase_quantities_are_positive",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="purchaseorderline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "received__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("ordered"), "+", models.F("tolerated")
                                ),
                            )
                        ),
                        name="never_receive_more_than_tolerated",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="purchaseorderline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("cancelled", 0),
                            (
                                "ordered__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("received"), "+", models.F("cancelled")
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="never_cancel_what_came",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="purchaseorderline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("in_time__gte", 0), ("in_time__lte", models.F("received"))),
                        name="in_time_is_part_of_received",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="purchaseorderline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed", None), ("confirmed_on", None), ("promised_on", None)),
                            models.Q(
                                ("confirmed__gte", 0),
                                ("confirmed__isnull", False),
                                (
                                    "confirmed__lte",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("ordered"), "+", models.F("tolerated")
                                    ),
                                ),
                                ("confirmed_on__isnull", False),
                                ("promised_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="an_answer_has_quantity_and_days",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="purchaseorderline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="balance_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (NEW.received IS DISTINCT FROM OLD.received OR NEW.in_time IS DISTINCT FROM OLD.in_time))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="5f9601fac8c48ebbd2938e038813856371a4cbb0",
                            operation="UPDATE",
                            pgid="pgtrigger_balance_update_a060e",
                            table="inventory_purchaseorderline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="purchaseorderline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="balance_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (NEW.received <> 0 OR NEW.in_time <> 0))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="dd249764dafe67b044d7d9048c16904b684fc6aa",
                            operation="INSERT",
                            pgid="pgtrigger_balance_insert_a3289",
                            table="inventory_purchaseorderline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="purchaseorderline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="balance_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (OLD.received <> 0 OR OLD.in_time <> 0))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="300f027f7475eea7cd12fd0a548eeb0f33c2e354",
                            operation="DELETE",
                            pgid="pgtrigger_balance_delete_df2e3",
                            table="inventory_purchaseorderline",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="receipt",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("takes_back", None),
                            models.Q(("takes_back", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="receipt_does_not_take_itself_back",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="receipt",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="30da92bd02d0f4e64e848281d052f167529ca17d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_35469",
                            table="inventory_receipt",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="receiptline",
                    constraint=models.UniqueConstraint(
                        fields=("receipt", "line"), name="one_row_per_receipt_and_line"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="receiptline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("quantity", 0), _negated=True), name="receipt_receives_something"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="receiptline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="1e7d156f60da9e49eae7aa256c335afc8796734b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f332c",
                            table="inventory_receiptline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="receiptline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_received_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    WITH came AS (\n        SELECT n.line_id, sum(n.quantity) AS quantity,\n               coalesce(sum(n.quantity) FILTER (WHERE r.received_on <= n.promised_on), 0) AS in_time\n        FROM new_rows n JOIN inventory_receipt r ON r.id = n.receipt_id GROUP BY 1\n    )\n    UPDATE inventory_purchaseorderline l SET received = l.received + c.quantity, in_time = l.in_time + c.in_time\n    FROM came c WHERE l.id = c.line_id;\n    RETURN NULL;\n",
                            hash="10412f9530807762a1c7355b9f7d8adcc6dcd852",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_keep_received_insert_d79bc",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="inventory_receiptline",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="stockadjustment",
                    index=models.Index(
                        condition=models.Q(("status", "proposed")), fields=["id"], name="adjustments_waiting"
                    ),
                ),
                migrations.AddIndex(
                    model_name="stockadjustment",
                    index=models.Index(fields=["proposed_by", "proposed_at"], name="adjustments_of_a_person"),
                ),
                migrations.AddConstraint(
                    model_name="stockadjustment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("difference", 0), _negated=True),
                        name="adjustment_changes_something",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stockadjustment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_decides_on_an_own_adjustment",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stockadjustment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "applied"), _negated=True),
                            ("within_limit", True),
                            models.Q(("decided_by", None), _negated=True),
                            _connector="OR",
                        ),
                        name="above_the_limit_a_second_person_agrees",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stockadjustment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "rejected"), _negated=True),
                            models.Q(
                                models.Q(("decided_by", None), _negated=True),
                                models.Q(("decision_note", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="who_rejects_an_adjustment_says_why",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stockadjustment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("status", "proposed")),
                            models.Q(
                                models.Q(("status", "proposed"), _negated=True), ("decided_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="adjustment_is_decided_at_some_time",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stockadjustment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("entry__isnull", False), ("kind", "count")),
                            models.Q(("entry", None), ("kind", "adjust")),
                            _connector="OR",
                        ),
                        name="count_differences_name_their_count",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stockadjustment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("value__gte", 0)), name="adjustment_value_is_never_negative"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stockadjustment",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("kind", "count"), ("status", "proposed")),
                        fields=("product", "location"),
                        name="one_count_difference_waits_per_bin_and_product",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="stockadjustment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="moves_along_its_table",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.status <> NEW.status AND NOT ((OLD.status = 'proposed' AND NEW.status IN ('applied', 'rejected', 'withdrawn'))))",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.status, NEW.status USING ERRCODE = 'check_violation';",
                            hash="2db9763ae89c20781eded9039b83680252f03a92",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_moves_along_its_table_da113",
                            table="inventory_stockadjustment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="stockadjustment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="begins_at_its_start",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.status <> 'proposed')",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, 'nothing', NEW.status USING ERRCODE = 'check_violation';",
                            hash="8d8a6910ec865572a52ac567deba4c625e37ed50",
                            operation="INSERT",
                            pgid="pgtrigger_begins_at_its_start_7da4e",
                            table="inventory_stockadjustment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="stockadjustment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="what_was_proposed_and_decided_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.status <> 'proposed' OR NEW.number IS DISTINCT FROM OLD.number OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.product_id IS DISTINCT FROM OLD.product_id OR NEW.location_id IS DISTINCT FROM OLD.location_id OR NEW.difference IS DISTINCT FROM OLD.difference OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.note IS DISTINCT FROM OLD.note OR NEW.value IS DISTINCT FROM OLD.value OR NEW.within_limit IS DISTINCT FROM OLD.within_limit OR NEW.entry_id IS DISTINCT FROM OLD.entry_id OR NEW.proposed_by_id IS DISTINCT FROM OLD.proposed_by_id OR NEW.proposed_at IS DISTINCT FROM OLD.proposed_at)",
                            func="RAISE EXCEPTION 'adjustment % stays as it was proposed and decided', OLD.number USING ERRCODE = 'check_violation';",
                            hash="02345602c5b9915c00186325ba2c933047457384",
                            operation="UPDATE",
                            pgid="pgtrigger_what_was_proposed_and_decided_stays_f11e3",
                            table="inventory_stockadjustment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="stockadjustment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="adjustments_are_kept",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="04e12b0e8c3dbbf89aa514872b4ba2075b32266b",
                            operation="DELETE",
                            pgid="pgtrigger_adjustments_are_kept_42653",
                            table="inventory_stockadjustment",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stockcount",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("missing__gt", 0)), name="count_looks_for_something"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stockcount",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("found", None), ("status", "open")),
                            models.Q(("found__gte", 0), ("found__isnull", False), ("status", "done")),
                            _connector="OR",
                        ),
                        name="count_is_done_when_found_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stockcount",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at", None), ("done_by", None), ("status", "open")),
                            models.Q(("done_at__isnull", False), ("status", "done")),
                            _connector="OR",
                        ),
                        name="count_is_done_at_some_time",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stockcount",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("found", None), ("found__lte", models.F("missing")), _connector="OR"
                        ),
                        name="never_find_more_than_was_missing",
                    ),
                ),
                migrations.AddIndex(
                    model_name="stockmovement",
                    index=models.Index(fields=["product", "-id"], name="movements_of_a_product"),
                ),
                migrations.AddIndex(
                    model_name="stockmovement",
                    index=models.Index(fields=["document"], name="movements_of_a_document"),
                ),
                migrations.AddConstraint(
                    model_name="stockmovement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="movement_moves_something"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stockmovement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("from_location", None), ("kind", "receive"), ("to_location__isnull", False)
                            ),
                            models.Q(
                                ("from_location", None), ("kind", "return"), ("to_location__isnull", False)
                            ),
                            models.Q(
                                ("from_location__isnull", False), ("kind", "issue"), ("to_location", None)
                            ),
                            models.Q(
                                ("from_location__isnull", False),
                                ("kind", "transfer"),
                                ("to_location__isnull", False),
                            ),
                            models.Q(
                                ("kind__in", ["adjust", "count"]),
                                models.Q(
                                    models.Q(("from_location", None), ("to_location__isnull", False)),
                                    models.Q(("from_location__isnull", False), ("to_location", None)),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="movement_goes_where_its_kind_says",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stockmovement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("from_location", None),
                            ("to_location", None),
                            models.Q(("from_location", models.F("to_location")), _negated=True),
                            _connector="OR",
                        ),
                        name="movement_goes_somewhere_else",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="stockmovement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="0d157d8e171eaeca0471e6cb948f16b6c55d78eb",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_353f0",
                            table="inventory_stockmovement",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="stockmovement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_on_hand_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    INSERT INTO inventory_binstock (product_id, location_id, quantity)\n    SELECT product_id, location_id, 0 FROM (\n        SELECT product_id, to_location_id AS location_id FROM new_rows WHERE to_location_id IS NOT NULL\n        UNION SELECT product_id, from_location_id FROM new_rows WHERE from_location_id IS NOT NULL) n\n    WHERE NOT EXISTS (\n        SELECT FROM inventory_binstock b WHERE b.product_id = n.product_id AND b.location_id = n.location_id)\n    ON CONFLICT DO NOTHING;\n\n    INSERT INTO inventory_stocklevel (product_id, warehouse_id, on_hand, allocated)\n    SELECT DISTINCT n.product_id, l.warehouse_id, 0, 0\n    FROM new_rows n JOIN inventory_location l ON l.id = n.to_location_id\n    WHERE l.kind IN ('pick', 'receiving', 'reserve', 'staging') AND NOT EXISTS (\n        SELECT FROM inventory_stocklevel s WHERE s.product_id = n.product_id AND s.warehouse_id = l.warehouse_id)\n    ON CONFLICT DO NOTHING;\n\n    WITH moved AS MATERIALIZED (\n        SELECT product_id, location_id, sum(quantity) AS quantity FROM (\n            SELECT product_id, to_location_id AS location_id, quantity FROM new_rows WHERE to_location_id IS NOT NULL\n            UNION ALL\n            SELECT product_id, from_location_id, -quantity FROM new_rows WHERE from_location_id IS NOT NULL) m\n        GROUP BY 1, 2 HAVING sum(quantity) <> 0\n    ), bins AS (\n        UPDATE inventory_binstock b SET quantity = b.quantity + m.quantity\n        FROM moved m WHERE b.product_id = m.product_id AND b.location_id = m.location_id\n    ), sellable AS (\n        SELECT m.product_id, l.warehouse_id, sum(m.quantity) AS quantity\n        FROM moved m JOIN inventory_location l ON l.id = m.location_id\n        WHERE l.kind IN ('pick', 'receiving', 'reserve', 'staging') GROUP BY 1, 2 HAVING sum(m.quantity) <> 0\n    )\n    UPDATE inventory_stocklevel s SET on_hand = s.on_hand + d.quantity\n    FROM sellable d WHERE s.product_id = d.product_id AND s.warehouse_id = d.warehouse_id;\n    RETURN NULL;\n",
                            hash="56825c5b90d4e1375dff3892c6f87c326a50917d",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_keep_on_hand_insert_3f164",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="inventory_stockmovement",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="substitute",
                    constraint=models.UniqueConstraint(
                        fields=("product", "substitute"), name="one_row_per_product_and_substitute"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="substitute",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("product", models.F("substitute")), _negated=True),
                        name="product_is_not_its_own_substitute",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="substitute",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("denominator__gte", 1), ("numerator__gte", 1)),
                        name="substitute_ratio_is_positive",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="supplierproduct",
                    constraint=models.UniqueConstraint(
                        fields=("supplier", "product"), name="one_row_per_supplier_and_product"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="supplierproduct",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("cost__gte", 0), ("minimum__gte", 1), ("multiple__gte", 1)),
                        name="supplier_terms_are_positive",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="transferevent",
                    constraint=models.UniqueConstraint(
                        fields=("document", "version"), name="one_transfer_event_per_version"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="transferevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="459cdd4c0876f20a3d0f45000356b35db7d16ef9",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_9abd0",
                            table="inventory_transferevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="transferline",
                    index=models.Index(
                        condition=models.Q(("due__gt", 0)), fields=["product"], name="transfer_lines_due"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="transferline",
                    constraint=models.UniqueConstraint(
                        fields=("transfer", "product"), name="one_line_per_transfer_and_product"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="transferline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("ordered__gt", 0)), name="transfer_moves_something"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="transferline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("cancelled__gte", 0),
                            ("dispatched__gte", 0),
                            ("lost__gte", 0),
                            ("received__gte", 0),
                        ),
                        name="transfer_quantities_are_positive",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="transferline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "ordered__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("cancelled"), "+", models.F("dispatched")
                                ),
                            )
                        ),
                        name="never_dispatch_more_than_planned",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="transferline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "dispatched__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("received"), "+", models.F("lost")
                                ),
                            )
                        ),
                        name="never_receive_more_than_dispatched",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="warehouse",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("adjust_value__gte", 0)),
                        name="limit_of_adjustments_is_never_negative",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="warehouse",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("working_days__regex", "^(?=.)1?2?3?4?5?6?7?$")),
                        name="warehouse_works_some_weekday",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="warehouse",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("put_away_days__lte", 90), ("transit_days__lte", 90)),
                        name="warehouse_takes_at_most_ninety_days",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="warehouse",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("allocation_horizon_days__lte", 730)),
                        name="stock_is_set_aside_two_years_ahead_at_most",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="warehouse",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="39ee7b4167055186ef2502b7d8e8b1e2f1a86140",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_74925",
                            table="inventory_warehouse",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="transittime",
                    constraint=models.UniqueConstraint(
                        fields=("warehouse", "country", "region"), name="one_transit_time_per_destination"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="transittime",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("country__regex", "^[A-Z]{2}$")),
                        name="transit_country_is_two_letters",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="transittime",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("days__lte", 90)), name="transit_takes_at_most_ninety_days"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="transfer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("source", models.F("target")), _negated=True),
                        name="transfer_goes_somewhere_else",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="transfer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("arrive_on__gte", models.F("ship_on"))),
                        name="transfer_arrives_after_it_leaves",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="transfer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="moves_along_its_table",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.status <> NEW.status AND NOT ((OLD.status = 'planned' AND NEW.status IN ('cancelled', 'dispatched')) OR (OLD.status = 'dispatched' AND NEW.status IN ('cancelled', 'received'))))",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.status, NEW.status USING ERRCODE = 'check_violation';",
                            hash="cd6398fb2217a06e561ffea3ceb77793739d8ce8",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_moves_along_its_table_bcb48",
                            table="inventory_transfer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="transfer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="begins_at_its_start",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.status <> 'planned')",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, 'nothing', NEW.status USING ERRCODE = 'check_violation';",
                            hash="3d42f1833e1e93f7967e5dae75fde12ef0c9a80f",
                            operation="INSERT",
                            pgid="pgtrigger_begins_at_its_start_a70cf",
                            table="inventory_transfer",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stocklevel",
                    constraint=models.UniqueConstraint(
                        fields=("product", "warehouse"), name="one_level_per_product_and_warehouse"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stocklevel",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("allocated__gte", 0)), name="never_allocate_less_than_nothing"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stocklevel",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("allocated__lte", models.F("on_hand"))),
                        name="never_promise_more_than_on_hand",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stocklevel",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("channel_buffer__gte", 0)), name="never_keep_less_than_nothing"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stocklevel",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("held__gte", 0)), name="never_hold_less_than_nothing"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="stocklevel",
                    trigger=pgtrigger.compiler.Trigger(
                        name="balance_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (NEW.on_hand IS DISTINCT FROM OLD.on_hand OR NEW.allocated IS DISTINCT FROM OLD.allocated OR NEW.channel_buffer IS DISTINCT FROM OLD.channel_buffer OR NEW.held IS DISTINCT FROM OLD.held))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="ddff37ecc489bf8abbecd06f1f6bbb89b47e62ce",
                            operation="UPDATE",
                            pgid="pgtrigger_balance_update_0e60c",
                            table="inventory_stocklevel",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="stocklevel",
                    trigger=pgtrigger.compiler.Trigger(
                        name="balance_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (NEW.on_hand <> 0 OR NEW.allocated <> 0 OR NEW.channel_buffer <> 0 OR NEW.held <> 0))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="d978da6feac3651b87702e84f93e5d8fd109b948",
                            operation="INSERT",
                            pgid="pgtrigger_balance_insert_8db57",
                            table="inventory_stocklevel",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="stocklevel",
                    trigger=pgtrigger.compiler.Trigger(
                        name="balance_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (OLD.on_hand <> 0 OR OLD.allocated <> 0 OR OLD.channel_buffer <> 0 OR OLD.held <> 0))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="4adbd21b759386a2a09213a7b0d45b80195125e0",
                            operation="DELETE",
                            pgid="pgtrigger_balance_delete_f393c",
                            table="inventory_stocklevel",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="stocklevel",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="abae59c63ed37d020bec7906e8be6d30af3815aa",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_964ff",
                            table="inventory_stocklevel",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="restockalert",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("product", "warehouse"),
                        name="one_open_alert_per_product_and_site",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="reorderpolicy",
                    constraint=models.UniqueConstraint(
                        fields=("product", "warehouse"), name="one_policy_per_product_and_warehouse"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="reorderpolicy",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("order_up_to__gte", models.F("reorder_point")), ("reorder_point__gte", 0)
                        ),
                        name="order_up_to_is_not_below_the_point",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="reorderpolicy",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("protected__gte", 0)), name="protected_stock_is_not_negative"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="reorderpolicy",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("channel_buffer__gte", 0)), name="channel_buffer_is_not_negative"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="reorderpolicy",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_channel_buffer_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    INSERT INTO inventory_stocklevel (product_id, warehouse_id, on_hand, allocated)\n    SELECT DISTINCT product_id, warehouse_id, 0, 0 FROM (SELECT 1 AS sign, * FROM new_rows) n\n    WHERE channel_buffer <> 0 AND NOT EXISTS (\n        SELECT FROM inventory_stocklevel s WHERE s.product_id = n.product_id AND s.warehouse_id = n.warehouse_id)\n    ON CONFLICT DO NOTHING;\n\n    UPDATE inventory_stocklevel s SET channel_buffer = s.channel_buffer + d.quantity\n    FROM (SELECT product_id, warehouse_id, sum(sign * channel_buffer) AS quantity FROM (SELECT 1 AS sign, * FROM new_rows) c\n          GROUP BY 1, 2 HAVING sum(sign * channel_buffer) <> 0) d\n    WHERE s.product_id = d.product_id AND s.warehouse_id = d.warehouse_id;\n    RETURN NULL;\n",
                            hash="214786f077c745e239d7865140f7a12cd6212222",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_keep_channel_buffer_insert_08876",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="inventory_reorderpolicy",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="reorderpolicy",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_channel_buffer_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    INSERT INTO inventory_stocklevel (product_id, warehouse_id, on_hand, allocated)\n    SELECT DISTINCT product_id, warehouse_id, 0, 0 FROM (SELECT 1 AS sign, * FROM new_rows UNION ALL SELECT -1 AS sign, * FROM old_rows) n\n    WHERE channel_buffer <> 0 AND NOT EXISTS (\n        SELECT FROM inventory_stocklevel s WHERE s.product_id = n.product_id AND s.warehouse_id = n.warehouse_id)\n    ON CONFLICT DO NOTHING;\n\n    UPDATE inventory_stocklevel s SET channel_buffer = s.channel_buffer + d.quantity\n    FROM (SELECT product_id, warehouse_id, sum(sign * channel_buffer) AS quantity FROM (SELECT 1 AS sign, * FROM new_rows UNION ALL SELECT -1 AS sign, * FROM old_rows) c\n          GROUP BY 1, 2 HAVING sum(sign * channel_buffer) <> 0) d\n    WHERE s.product_id = d.product_id AND s.warehouse_id = d.warehouse_id;\n    RETURN NULL;\n",
                            hash="52344b991438ab33c7b1f24b0fee12c3801ac2a8",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_keep_channel_buffer_update_b796b",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="inventory_reorderpolicy",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="reorderpolicy",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_channel_buffer_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    INSERT INTO inventory_stocklevel (product_id, warehouse_id, on_hand, allocated)\n    SELECT DISTINCT product_id, warehouse_id, 0, 0 FROM (SELECT -1 AS sign, * FROM old_rows) n\n    WHERE channel_buffer <> 0 AND NOT EXISTS (\n        SELECT FROM inventory_stocklevel s WHERE s.product_id = n.product_id AND s.warehouse_id = n.warehouse_id)\n    ON CONFLICT DO NOTHING;\n\n    UPDATE inventory_stocklevel s SET channel_buffer = s.channel_buffer + d.quantity\n    FROM (SELECT product_id, warehouse_id, sum(sign * channel_buffer) AS quantity FROM (SELECT -1 AS sign, * FROM old_rows) c\n          GROUP BY 1, 2 HAVING sum(sign * channel_buffer) <> 0) d\n    WHERE s.product_id = d.product_id AND s.warehouse_id = d.warehouse_id;\n    RETURN NULL;\n",
                            hash="9280793a4707436eb0fb45ab3b938238f546e573",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_keep_channel_buffer_delete_acab9",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="inventory_reorderpolicy",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="purchaseorder",
                    trigger=pgtrigger.compiler.Trigger(
                        name="moves_along_its_table",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.status <> NEW.status AND NOT ((OLD.status = 'open' AND NEW.status IN ('cancelled', 'received')) OR (OLD.status = 'received' AND NEW.status IN ('open'))))",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.status, NEW.status USING ERRCODE = 'check_violation';",
                            hash="9f09a36ad327b19635c7d99a756a0023c4b2be6b",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_moves_along_its_table_99173",
                            table="inventory_purchaseorder",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="purchaseorder",
                    trigger=pgtrigger.compiler.Trigger(
                        name="begins_at_its_start",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.status <> 'open')",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, 'nothing', NEW.status USING ERRCODE = 'check_violation';",
                            hash="62a5864b29429fb33970080b43bcb4a632f82f4e",
                            operation="INSERT",
                            pgid="pgtrigger_begins_at_its_start_38a02",
                            table="inventory_purchaseorder",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="location",
                    constraint=models.UniqueConstraint(
                        fields=("warehouse", "code"), name="one_location_per_code_and_warehouse"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="location",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("kind__in", ["staging", "suspect", "receiving"])),
                        fields=("warehouse", "kind"),
                        name="one_staging_suspect_and_receiving_per_warehouse",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="location",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("kind", "transit")),
                        fields=("warehouse",),
                        name="one_transit_per_warehouse",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="location",
                    trigger=pgtrigger.compiler.Trigger(
                        name="kind_and_place_never_change",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.kind IS DISTINCT FROM OLD.kind OR NEW.warehouse_id IS DISTINCT FROM OLD.warehouse_id)",
                            func="RAISE EXCEPTION 'kind and warehouse of location % never change', OLD.code USING ERRCODE = 'check_violation';",
                            hash="2e5ef4cefc1095eb03f9137e2955c9a117cda593",
                            operation="UPDATE",
                            pgid="pgtrigger_kind_and_place_never_change_28c49",
                            table="inventory_location",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="location",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="14cac3d668fe1f58f40c65a0fe6ecaea0da33e04",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_d5496",
                            table="inventory_location",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="countsheet",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("status", "open")),
                            models.Q(("closed_at__isnull", False), ("status", "closed")),
                            _connector="OR",
                        ),
                        name="sheet_is_closed_at_some_time",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="countsheet",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("status", "closed"), ("closed_by", None), _connector="OR"),
                        name="nobody_closed_an_open_sheet",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="countsheet",
                    trigger=pgtrigger.compiler.Trigger(
                        name="moves_along_its_table",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.status <> NEW.status AND NOT ((OLD.status = 'open' AND NEW.status IN ('closed'))))",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.status, NEW.status USING ERRCODE = 'check_violation';",
                            hash="3069cd430ae28de65b1e7acf1deba94b6ee199c2",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_moves_along_its_table_dd175",
                            table="inventory_countsheet",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="countsheet",
                    trigger=pgtrigger.compiler.Trigger(
                        name="begins_at_its_start",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.status <> 'open')",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, 'nothing', NEW.status USING ERRCODE = 'check_violation';",
                            hash="77cfb4304a0f02f5b6c77a8c03dc5930e38a189c",
                            operation="INSERT",
                            pgid="pgtrigger_begins_at_its_start_075f5",
                            table="inventory_countsheet",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="closingday",
                    constraint=models.UniqueConstraint(
                        fields=("warehouse", "day"), name="one_closing_per_warehouse_and_day"
                    ),
                ),
            ],
        ),
        room_for_updates("inventory_stocklevel", 50),
        room_for_updates("inventory_binstock", 50),
    ]

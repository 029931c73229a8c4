"""All tables of orders as they stood after 0015_below_floor: a new database is made in one step and not in 15."""

from decimal import Decimal

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
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

import oms.numbering
from oms.numbering import create_sequence
from oms.schema import AtOnce, room_for_updates


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("orders", "0001_sequences"),
        ("orders", "0002_tables"),
        ("orders", "0003_who_edited"),
        ("orders", "0004_lean_indexes"),
        ("orders", "0005_room_for_updates"),
        ("orders", "0006_keys_proven_in_sets"),
        ("orders", "0007_ship_days"),
        ("orders", "0008_allocation"),
        ("orders", "0009_promises"),
        ("orders", "0010_search_indexes"),
        ("orders", "0011_papers"),
        ("orders", "0012_merged_customers"),
        ("orders", "0013_pad"),
        ("orders", "0014_promised_day"),
        ("orders", "0015_below_floor"),
    ]
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("customers", "0005_search_indexes"),
        ("inventory", "0018_horizon_and_buffer"),
        ("oms", "0004_named_views"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        create_sequence("orders_order_number"),
        create_sequence("orders_quote_number"),
        AtOnce(
            steps=[
                migrations.CreateModel(
                    name="CounterOffer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("comment", models.CharField(blank=True, max_length=1000, verbose_name="comment")),
                        (
                            "at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(), verbose_name="at"
                            ),
                        ),
                        ("ip", models.GenericIPAddressField(null=True, verbose_name="IP address")),
                    ],
                    options={
                        "verbose_name": "counter-offer",
                        "verbose_name_plural": "counter-offers",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Decider",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                    ],
                    options={
                        "verbose_name": "decision maker",
                        "verbose_name_plural": "decision makers",
                        "ordering": ["position"],
                    },
                ),
                migrations.CreateModel(
                    name="ApprovalRequest",
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
                                choices=[
                                    ("pending", "pending"),
                                    ("approved", "approved"),
                                    ("rejected", "rejected"),
                                    ("withdrawn", "withdrawn"),
                                ],
                                default="pending",
                                max_length=20,
                                verbose_name="status",
                            ),
                        ),
                        ("document_hash", models.CharField(max_length=64, verbose_name="document hash")),
                        ("facts", models.JSONField(verbose_name="facts")),
                        (
                            "requested_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="requested at"
                            ),
                        ),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
                        (
                            "submitted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="submitted by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "approval request",
                        "verbose_name_plural": "approval requests",
                        "ordering": ["-pk"],
                        "permissions": [("decide_approval", "Can approve or reject")],
                    },
                ),
                migrations.CreateModel(
                    name="ApprovalRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                        (
                            "fact",
                            models.CharField(
                                choices=[
                                    ("total_above", "total above"),
                                    ("discount_above", "a line's discount percent above"),
                                    ("margin_below", "margin percent below"),
                                    ("price_below_list", "a price typed below the list by more than percent"),
                                    ("below_floor", "a net price below its floor by more than percent"),
                                ],
                                max_length=20,
                                verbose_name="when",
                            ),
                        ),
                        (
                            "threshold",
                            models.DecimalField(decimal_places=4, max_digits=18, verbose_name="threshold"),
                        ),
                        ("active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "approvers",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="auth.group",
                                verbose_name="approvers",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "approval rule",
                        "verbose_name_plural": "approval rules",
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="ApprovalStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reason", models.CharField(max_length=300, verbose_name="reason")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("pending", "pending"),
                                    ("approved", "approved"),
                                    ("rejected", "rejected"),
                                    ("withdrawn", "withdrawn"),
                                ],
                                default="pending",
                                max_length=20,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "approvers",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="auth.group",
                                verbose_name="approvers",
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="orders.approvalrequest",
                                verbose_name="request",
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.approvalrule",
                                verbose_name="rule",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "approval step",
                        "verbose_name_plural": "approval steps",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Decision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "verdict",
                            models.CharField(
                                choices=[("approve", "approve"), ("reject", "reject")],
                                max_length=20,
                                verbose_name="verdict",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                        ("document_hash", models.CharField(max_length=64, verbose_name="document hash")),
                        (
                            "at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(), verbose_name="at"
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "step",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decision",
                                to="orders.approvalstep",
                                verbose_name="step",
                            ),
                        ),
                        (
                            "submitted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="submitted by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "decision",
                        "verbose_name_plural": "decisions",
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Order",
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
                            "shipping_policy",
                            models.CharField(
                                choices=[
                                    ("partial", "ship what is there, the rest later"),
                                    ("complete_lines", "ship only whole lines, the rest later"),
                                    ("complete", "ship everything at once"),
                                    ("cancel_rest", "ship what is there, cancel the rest"),
                                ],
                                db_default="partial",
                                default="partial",
                                max_length=20,
                                verbose_name="shipping policy",
                            ),
                        ),
                        (
                            "minimum_percent",
                            models.PositiveSmallIntegerField(
                                db_default=0,
                                default=0,
                                help_text="of the order's total; 0 for any part",
                                verbose_name="part shipment from percent",
                            ),
                        ),
                        (
                            "minimum_value",
                            models.DecimalField(
                                db_default=Decimal("0"),
                                decimal_places=4,
                                default=Decimal("0"),
                                help_text="in the order's currency; 0 for any part",
                                max_digits=18,
                                verbose_name="part shipment from value",
                            ),
                        ),
                        (
                            "most_shipments",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="empty: as many as it takes",
                                null=True,
                                verbose_name="shipments at most",
                            ),
                        ),
                        (
                            "sourcing",
                            models.CharField(
                                choices=[
                                    ("own", "only from the order's warehouse"),
                                    ("ask", "from another warehouse when somebody says so"),
                                    ("others", "from other warehouses by itself"),
                                ],
                                db_default="own",
                                default="own",
                                max_length=10,
                                verbose_name="stock may come",
                            ),
                        ),
                        (
                            "revision",
                            models.PositiveIntegerField(default=0, editable=False, verbose_name="revision"),
                        ),
                        (
                            "edited_at",
                            models.DateTimeField(editable=False, null=True, verbose_name="edited at"),
                        ),
                        (
                            "number",
                            models.CharField(
                                db_default=django.db.models.functions.text.Concat(
                                    models.Value("SO-"),
                                    django.db.models.functions.comparison.Cast(
                                        oms.numbering.NextValue(models.Value("orders_order_number")),
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
                                    ("draft", "draft"),
                                    ("submitted", "submitted"),
                                    ("confirmed", "confirmed"),
                                    ("released", "released"),
                                    ("completed", "completed"),
                                    ("closed", "closed"),
                                    ("cancelled", "cancelled"),
                                ],
                                default="draft",
                                editable=False,
                                max_length=20,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "customer_po",
                            models.CharField(blank=True, max_length=60, verbose_name="PO number"),
                        ),
                        (
                            "reference",
                            models.CharField(
                                blank=True,
                                editable=False,
                                max_length=60,
                                null=True,
                                unique=True,
                                verbose_name="outside reference",
                            ),
                        ),
                        ("ordered_on", models.DateField(verbose_name="ordered on")),
                        ("requested_on", models.DateField(verbose_name="requested on")),
                        (
                            "total",
                            models.DecimalField(
                                decimal_places=4,
                                default=Decimal("0"),
                                editable=False,
                                max_digits=18,
                                verbose_name="total",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                        (
                            "confirmed_at",
                            models.DateTimeField(editable=False, null=True, verbose_name="confirmed at"),
                        ),
                        (
                            "priority",
                            models.PositiveSmallIntegerField(
                                db_default=5,
                                default=5,
                                editable=False,
                                help_text="1 to 9; 1 is served before 9",
                                verbose_name="priority",
                            ),
                        ),
                        (
                            "shipments_made",
                            models.PositiveIntegerField(
                                db_default=0, default=0, editable=False, verbose_name="shipments"
                            ),
                        ),
                        (
                            "ship_on",
                            models.DateField(editable=False, null=True, verbose_name="first ships on"),
                        ),
                        (
                            "bill_to",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.address",
                                verbose_name="bill to",
                            ),
                        ),
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
                        (
                            "currency",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="oms.currency",
                                verbose_name="currency",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="orders",
                                to="customers.customer",
                                verbose_name="customer",
                            ),
                        ),
                        (
                            "edited_by",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="edited by",
                            ),
                        ),
                        (
                            "payment_terms",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="customers.paymentterms",
                                verbose_name="payment terms",
                            ),
                        ),
                        (
                            "ship_to",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.address",
                                verbose_name="ship to",
                            ),
                        ),
                        (
                            "submitted_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="submitted by",
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
                        "verbose_name": "order",
                        "verbose_name_plural": "orders",
                        "ordering": ["-pk"],
                        "permissions": [
                            ("view_warehouse_orders", "Can see the orders of the own warehouses"),
                            ("submit_order", "Can submit an order"),
                            ("confirm_order", "Can confirm an order"),
                            ("cancel_order", "Can cancel an order before the warehouse works on it"),
                            ("close_order", "Can close a completed order"),
                            ("hold_order", "Can hold an order and let it go on"),
                            ("override_price", "Can type a price or a discount"),
                            ("override_allocation", "Can take stock from another order and set priorities"),
                            ("import_order", "Can import orders"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Hold",
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
                                choices=[("approval", "approval"), ("manual", "manual")],
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        ("reason", models.CharField(max_length=500, verbose_name="reason")),
                        (
                            "since",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="since"),
                        ),
                        (
                            "released_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="released at"),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="auth.group",
                                verbose_name="whose turn",
                            ),
                        ),
                        (
                            "placed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="placed by",
                            ),
                        ),
                        (
                            "released_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="released by",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="holds",
                                to="orders.order",
                                verbose_name="order",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "hold",
                        "verbose_name_plural": "holds",
                        "ordering": ["-since"],
                    },
                ),
                migrations.CreateModel(
                    name="OrderEvent",
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
                                to="orders.order",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "order event",
                        "verbose_name_plural": "order events",
                        "ordering": ["document", "version"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="OrderDelivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("consumer", models.CharField(max_length=40, verbose_name="consumer")),
                        ("attempts", models.PositiveSmallIntegerField(db_default=0, verbose_name="attempts")),
                        (
                            "next_try_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="next try at",
                            ),
                        ),
                        ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                        ("parked_at", models.DateTimeField(blank=True, null=True, verbose_name="parked at")),
                        (
                            "error",
                            models.CharField(
                                blank=True, db_default="", max_length=500, verbose_name="last error"
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="orders.orderevent",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "order announcement",
                        "verbose_name_plural": "order announcements",
                    },
                ),
                migrations.CreateModel(
                    name="OrderLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveIntegerField(verbose_name="position")),
                        ("ordered", models.BigIntegerField(verbose_name="ordered")),
                        (
                            "list_price",
                            models.DecimalField(
                                decimal_places=6, max_digits=18, null=True, verbose_name="list price"
                            ),
                        ),
                        (
                            "unit_price",
                            models.DecimalField(
                                decimal_places=6, max_digits=18, null=True, verbose_name="unit price"
                            ),
                        ),
                        (
                            "discount_percent",
                            models.DecimalField(
                                decimal_places=4,
                                default=Decimal("0"),
                                max_digits=7,
                                verbose_name="discount %",
                            ),
                        ),
                        (
                            "amount",
                            models.DecimalField(decimal_places=4, max_digits=18, verbose_name="amount"),
                        ),
                        (
                            "unit_cost",
                            models.DecimalField(
                                decimal_places=6,
                                default=Decimal("0"),
                                editable=False,
                                max_digits=18,
                                verbose_name="cost per base unit",
                            ),
                        ),
                        ("trace", models.JSONField(default=dict, editable=False, verbose_name="price trace")),
                        (
                            "ship_on",
                            models.DateField(
                                blank=True,
                                editable=False,
                                help_text="empty: on the day requested",
                                null=True,
                                verbose_name="ships on",
                            ),
                        ),
                        (
                            "promised_on",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="promised on"
                            ),
                        ),
                        (
                            "cancelled",
                            models.BigIntegerField(db_default=0, default=0, verbose_name="cancelled"),
                        ),
                        (
                            "allocated",
                            models.BigIntegerField(db_default=0, default=0, verbose_name="allocated"),
                        ),
                        ("picked", models.BigIntegerField(db_default=0, default=0, verbose_name="picked")),
                        ("packed", models.BigIntegerField(db_default=0, default=0, verbose_name="packed")),
                        ("shipped", models.BigIntegerField(db_default=0, default=0, verbose_name="shipped")),
                        (
                            "open",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.F("ordered"), "-", models.F("cancelled")
                                                ),
                                                "-",
                                                models.F("allocated"),
                                            ),
                                            "-",
                                            models.F("picked"),
                                        ),
                                        "-",
                                        models.F("packed"),
                                    ),
                                    "-",
                                    models.F("shipped"),
                                ),
                                output_field=models.BigIntegerField(),
                                verbose_name="open",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="orders.order",
                                verbose_name="order",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.product",
                                verbose_name="product",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.productunit",
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "warehouse",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.warehouse",
                                verbose_name="warehouse",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "order line",
                        "verbose_name_plural": "order lines",
                        "ordering": ["position"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Allocation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "allocated",
                            models.BigIntegerField(db_default=0, default=0, verbose_name="allocated"),
                        ),
                        ("picked", models.BigIntegerField(db_default=0, default=0, verbose_name="picked")),
                        ("packed", models.BigIntegerField(db_default=0, default=0, verbose_name="packed")),
                        ("shipped", models.BigIntegerField(db_default=0, default=0, verbose_name="shipped")),
                        (
                            "released",
                            models.BigIntegerField(db_default=0, default=0, verbose_name="released"),
                        ),
                        (
                            "ship_on",
                            models.DateField(editable=False, null=True, verbose_name="promised to leave on"),
                        ),
                        (
                            "promised_on",
                            models.DateField(editable=False, null=True, verbose_name="promised for"),
                        ),
                        (
                            "stock_level",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="allocations",
                                to="inventory.stocklevel",
                                verbose_name="stock level",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="allocations",
                                to="orders.orderline",
                                verbose_name="order line",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "allocation",
                        "verbose_name_plural": "allocations",
                    },
                ),
                migrations.CreateModel(
                    name="PasteColumns",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("shape", models.CharField(max_length=200, verbose_name="shape")),
                        ("roles", models.CharField(max_length=400, verbose_name="columns")),
                        ("has_header", models.BooleanField(verbose_name="has a header")),
                        ("decimal", models.CharField(max_length=1, verbose_name="before decimals")),
                        (
                            "taken_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="taken at"),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                                verbose_name="customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "columns of a paste",
                        "verbose_name_plural": "columns of pastes",
                    },
                ),
                migrations.CreateModel(
                    name="Promise",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "lines",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), size=None, verbose_name="lines"
                            ),
                        ),
                        (
                            "quantities",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), size=None, verbose_name="quantities"
                            ),
                        ),
                        ("ship_on", models.DateField(null=True, verbose_name="ships on")),
                        ("promised_on", models.DateField(null=True, verbose_name="promised on")),
                        ("expected_on", models.DateField(null=True, verbose_name="expected to leave on")),
                        (
                            "brought_by",
                            models.CharField(blank=True, max_length=20, verbose_name="brought by"),
                        ),
                        (
                            "cause",
                            models.CharField(
                                choices=[
                                    ("confirmed", "promised at confirmation"),
                                    ("renewed", "the customer was told another day"),
                                    ("sooner", "what it waits for comes sooner"),
                                    ("redated", "what it waits for comes on another day"),
                                    ("late", "what it waits for has not come on its day"),
                                    ("fewer", "less comes than it waits for"),
                                    ("gone", "what it waited for does not come any more"),
                                    ("not_bought", "no supplier has confirmed to bring it"),
                                    ("lost", "stock was lost"),
                                    ("taken", "stock was given to another order"),
                                    ("overtaken", "orders before it in the queue take it"),
                                ],
                                max_length=20,
                                verbose_name="cause",
                            ),
                        ),
                        ("document", models.CharField(blank=True, max_length=20, verbose_name="document")),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
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
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="promises",
                                to="orders.order",
                                verbose_name="order",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "promise",
                        "verbose_name_plural": "promises",
                        "ordering": ["order", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Quote",
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
                            "revision",
                            models.PositiveIntegerField(default=0, editable=False, verbose_name="revision"),
                        ),
                        (
                            "edited_at",
                            models.DateTimeField(editable=False, null=True, verbose_name="edited at"),
                        ),
                        (
                            "number",
                            models.CharField(
                                db_default=django.db.models.functions.text.Concat(
                                    models.Value("Q-"),
                                    django.db.models.functions.comparison.Cast(
                                        oms.numbering.NextValue(models.Value("orders_quote_number")),
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
                                    ("draft", "draft"),
                                    ("waiting", "waiting for approval"),
                                    ("sent", "sent"),
                                    ("accepted", "accepted"),
                                    ("declined", "declined"),
                                    ("expired", "expired"),
                                    ("ordered", "ordered"),
                                    ("cancelled", "cancelled"),
                                ],
                                default="draft",
                                editable=False,
                                max_length=20,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "valid_until",
                            models.DateField(
                                help_text="the last day, to its end", verbose_name="valid until"
                            ),
                        ),
                        (
                            "version_number",
                            models.PositiveIntegerField(
                                default=1, editable=False, verbose_name="quote version"
                            ),
                        ),
                        (
                            "accepted_by",
                            models.CharField(
                                blank=True, editable=False, max_length=120, verbose_name="accepted by"
                            ),
                        ),
                        (
                            "customer_po",
                            models.CharField(blank=True, max_length=60, verbose_name="PO number"),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("price", "price"),
                                    ("delivery", "delivery time"),
                                    ("product", "product or quality"),
                                    ("service", "service or relation"),
                                    ("competitor", "somebody else's offer"),
                                    ("not_needed", "not needed any more"),
                                    ("no_answer", "no answer"),
                                    ("other", "something else"),
                                ],
                                db_default="",
                                default="",
                                editable=False,
                                max_length=20,
                                verbose_name="won or lost by",
                            ),
                        ),
                        (
                            "follow_up_on",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="follow up on"
                            ),
                        ),
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
                        (
                            "currency",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="oms.currency",
                                verbose_name="currency",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="quotes",
                                to="customers.customer",
                                verbose_name="customer",
                            ),
                        ),
                        (
                            "edited_by",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="edited by",
                            ),
                        ),
                        (
                            "ship_to",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.address",
                                verbose_name="ship to",
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
                        "verbose_name": "quote",
                        "verbose_name_plural": "quotes",
                        "ordering": ["-pk"],
                        "permissions": [
                            ("send_quote", "Can send a quote"),
                            ("record_acceptance", "Can record the customer's answer to a quote"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InternalNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(), verbose_name="at"
                            ),
                        ),
                        ("text", models.CharField(max_length=2000, verbose_name="text")),
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
                            "order",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="orders.order",
                                verbose_name="order",
                            ),
                        ),
                        (
                            "quote",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="orders.quote",
                                verbose_name="quote",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "internal note",
                        "verbose_name_plural": "internal notes",
                        "ordering": ["-pk"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Attachment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(), verbose_name="at"
                            ),
                        ),
                        ("name", models.CharField(max_length=150, verbose_name="name")),
                        ("media_type", models.CharField(max_length=80, verbose_name="type")),
                        ("size", models.PositiveIntegerField(verbose_name="size")),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        (
                            "path",
                            models.CharField(
                                editable=False, max_length=100, unique=True, verbose_name="stored as"
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
                            "order",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="orders.order",
                                verbose_name="order",
                            ),
                        ),
                        (
                            "quote",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="orders.quote",
                                verbose_name="quote",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "attachment",
                        "verbose_name_plural": "attachments",
                        "ordering": ["-pk"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="QuoteEvent",
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
                                to="orders.quote",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["document", "version"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="QuoteDelivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("consumer", models.CharField(max_length=40, verbose_name="consumer")),
                        ("attempts", models.PositiveSmallIntegerField(db_default=0, verbose_name="attempts")),
                        (
                            "next_try_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="next try at",
                            ),
                        ),
                        ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                        ("parked_at", models.DateTimeField(blank=True, null=True, verbose_name="parked at")),
                        (
                            "error",
                            models.CharField(
                                blank=True, db_default="", max_length=500, verbose_name="last error"
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="orders.quoteevent",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "quote announcement",
                        "verbose_name_plural": "quote announcements",
                    },
                ),
                migrations.CreateModel(
                    name="QuoteLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveIntegerField(verbose_name="position")),
                        ("ordered", models.BigIntegerField(verbose_name="ordered")),
                        (
                            "list_price",
                            models.DecimalField(
                                decimal_places=6, max_digits=18, null=True, verbose_name="list price"
                            ),
                        ),
                        (
                            "unit_price",
                            models.DecimalField(
                                decimal_places=6, max_digits=18, null=True, verbose_name="unit price"
                            ),
                        ),
                        (
                            "discount_percent",
                            models.DecimalField(
                                decimal_places=4,
                                default=Decimal("0"),
                                max_digits=7,
                                verbose_name="discount %",
                            ),
                        ),
                        (
                            "amount",
                            models.DecimalField(decimal_places=4, max_digits=18, verbose_name="amount"),
                        ),
                        (
                            "unit_cost",
                            models.DecimalField(
                                decimal_places=6,
                                default=Decimal("0"),
                                editable=False,
                                max_digits=18,
                                verbose_name="cost per base unit",
                            ),
                        ),
                        ("trace", models.JSONField(default=dict, editable=False, verbose_name="price trace")),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.product",
                                verbose_name="product",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.productunit",
                                verbose_name="unit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "quote line",
                        "verbose_name_plural": "quote lines",
                        "ordering": ["position"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="CounterLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "quantity",
                            models.DecimalField(
                                decimal_places=6, max_digits=18, null=True, verbose_name="quantity"
                            ),
                        ),
                        (
                            "price",
                            models.DecimalField(
                                decimal_places=6, max_digits=18, null=True, verbose_name="price"
                            ),
                        ),
                        ("comment", models.CharField(blank=True, max_length=300, verbose_name="comment")),
                        (
                            "offer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="orders.counteroffer",
                                verbose_name="offer",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="orders.quoteline",
                                verbose_name="line",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "line of a counter-offer",
                        "verbose_name_plural": "lines of counter-offers",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="QuoteLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "token_hash",
                            models.CharField(
                                editable=False, max_length=64, unique=True, verbose_name="token hash"
                            ),
                        ),
                        (
                            "made_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(), verbose_name="made at"
                            ),
                        ),
                        ("expires_at", models.DateTimeField(verbose_name="expires at")),
                        ("revoked_at", models.DateTimeField(null=True, verbose_name="revoked at")),
                        (
                            "decider",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="orders.decider",
                                verbose_name="decision maker",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="made by",
                            ),
                        ),
                        (
                            "revoked_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="revoked by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "customer link",
                        "verbose_name_plural": "customer links",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="QuoteVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="version")),
                        (
                            "total",
                            models.DecimalField(
                                decimal_places=4, default=Decimal("0"), max_digits=18, verbose_name="total"
                            ),
                        ),
                        ("sent_at", models.DateTimeField(editable=False, null=True, verbose_name="sent at")),
                        (
                            "deciding",
                            models.CharField(
                                choices=[
                                    ("any", "any of them"),
                                    ("all", "all of them"),
                                    ("in_order", "all of them, one after the other"),
                                ],
                                db_default="any",
                                default="any",
                                editable=False,
                                max_length=10,
                                verbose_name="who has to accept",
                            ),
                        ),
                        (
                            "quote",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="versions",
                                to="orders.quote",
                                verbose_name="quote",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "quote version",
                        "verbose_name_plural": "quote versions",
                        "ordering": ["quote", "number"],
                    },
                ),
                migrations.CreateModel(
                    name="QuoteAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reply",
                            models.CharField(
                                choices=[("accepted", "accepted"), ("declined", "declined")],
                                max_length=10,
                                verbose_name="answer",
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                        (
                            "customer_po",
                            models.CharField(blank=True, max_length=60, verbose_name="PO number"),
                        ),
                        ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                        (
                            "at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(), verbose_name="at"
                            ),
                        ),
                        ("ip", models.GenericIPAddressField(null=True, verbose_name="IP address")),
                        (
                            "evidence",
                            models.CharField(blank=True, max_length=300, verbose_name="how we know"),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="recorded by",
                            ),
                        ),
                        (
                            "link",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="orders.quotelink",
                                verbose_name="customer link",
                            ),
                        ),
                        (
                            "version",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answer",
                                to="orders.quoteversion",
                                verbose_name="quote version",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "customer's answer",
                        "verbose_name_plural": "customers' answers",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="IssuedDocument",
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
                                    ("quote", "Quote"),
                                    ("confirmation", "Order confirmation"),
                                    ("proforma", "Pro-forma invoice"),
                                ],
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        ("number", models.CharField(max_length=40, unique=True, verbose_name="number")),
                        ("source", models.CharField(max_length=64, verbose_name="made from")),
                        ("content", models.BinaryField(verbose_name="content")),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        (
                            "created_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="created at",
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
                        (
                            "order",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="papers",
                                to="orders.order",
                                verbose_name="order",
                            ),
                        ),
                        (
                            "quote_version",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="papers",
                                to="orders.quoteversion",
                                verbose_name="quote version",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "document",
                        "verbose_name_plural": "documents",
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Consent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "customer_po",
                            models.CharField(blank=True, max_length=60, verbose_name="PO number"),
                        ),
                        (
                            "at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(), verbose_name="at"
                            ),
                        ),
                        ("ip", models.GenericIPAddressField(null=True, verbose_name="IP address")),
                        (
                            "decider",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="orders.decider",
                                verbose_name="decision maker",
                            ),
                        ),
                        (
                            "link",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="orders.quotelink",
                                verbose_name="customer link",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consents",
                                to="orders.quoteversion",
                                verbose_name="quote version",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "consent",
                        "verbose_name_plural": "consents",
                        "ordering": ["pk"],
                    },
                ),
            ],
        ),
        AtOnce(
            steps=[
                migrations.AddField(
                    model_name="approvalrequest",
                    name="order",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="approvals",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
                migrations.AddField(
                    model_name="counteroffer",
                    name="link",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="orders.quotelink",
                        verbose_name="customer link",
                    ),
                ),
                migrations.AddField(
                    model_name="quotelink",
                    name="version",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="orders.quoteversion",
                        verbose_name="quote version",
                    ),
                ),
                migrations.AddField(
                    model_name="quoteline",
                    name="version",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="orders.quoteversion",
                        verbose_name="quote version",
                    ),
                ),
                migrations.AddField(
                    model_name="order",
                    name="quote_version",
                    field=models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="order",
                        to="orders.quoteversion",
                        verbose_name="quote version",
                    ),
                ),
                migrations.AddField(
                    model_name="decider",
                    name="version",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deciders",
                        to="orders.quoteversion",
                        verbose_name="quote version",
                    ),
                ),
                migrations.AddField(
                    model_name="counteroffer",
                    name="version",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counter_offers",
                        to="orders.quoteversion",
                        verbose_name="quote version",
                    ),
                ),
                migrations.AddField(
                    model_name="approvalrequest",
                    name="quote_version",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="approvals",
                        to="orders.quoteversion",
                        verbose_name="quote version",
                    ),
                ),
            ],
        ),
        AtOnce(
            steps=[
                migrations.AddConstraint(
                    model_name="approvalstep",
                    constraint=models.UniqueConstraint(fields=("request", "rule"), name="one_step_per_rule"),
                ),
                migrations.AddConstraint(
                    model_name="decision",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("submitted_by", None),
                            models.Q(("by", models.F("submitted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_decides_on_what_they_submitted",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="decision",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("verdict", "approve"), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="a_rejection_says_why",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="hold",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("released_at", None)),
                        fields=("order", "kind"),
                        name="one_open_hold_per_kind",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orderevent",
                    constraint=models.UniqueConstraint(
                        fields=("document", "version"), name="one_order_event_per_version"
                    ),
                ),
                migrations.AddIndex(
                    model_name="orderdelivery",
                    index=models.Index(
                        condition=models.Q(("parked_at", None), ("sent_at", None)),
                        fields=["id"],
                        name="order_deliveries_owed",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orderdelivery",
                    constraint=models.UniqueConstraint(
                        fields=("event", "consumer"), name="one_order_delivery_per_consumer"
                    ),
                ),
                migrations.AddIndex(
                    model_name="orderline",
                    index=models.Index(
                        condition=models.Q(("open__gt", 0)),
                        fields=["warehouse", "product"],
                        name="order_lines_open",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orderline",
                    constraint=models.UniqueConstraint(
                        fields=("order", "position"), name="one_order_line_per_position"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orderline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("ordered__gt", 0)), name="order_line_orders_something"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orderline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("unit_price__gte", 0)), name="order_line_price_is_never_negative"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orderline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("discount_percent__gte", 0), ("discount_percent__lte", 100)),
                        name="order_line_discount_is_a_percentage",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orderline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="order_line_amount_is_never_negative"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orderline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("allocated__gte", 0),
                            ("cancelled__gte", 0),
                            ("packed__gte", 0),
                            ("picked__gte", 0),
                            ("shipped__gte", 0),
                        ),
                        name="no_bucket_of_a_line_is_negative",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orderline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "ordered__gte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("cancelled"), "+", models.F("allocated")
                                            ),
                                            "+",
                                            models.F("picked"),
                                        ),
                                        "+",
                                        models.F("packed"),
                                    ),
                                    "+",
                                    models.F("shipped"),
                                ),
                            )
                        ),
                        name="each_ordered_unit_is_in_one_bucket",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="allocation",
                    constraint=models.UniqueConstraint(
                        fields=("line", "stock_level"), name="one_allocation_per_line_and_level"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="allocation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("allocated__gte", 0), ("packed__gte", 0), ("picked__gte", 0), ("shipped__gte", 0)
                        ),
                        name="no_bucket_of_an_allocation_is_negative",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="allocation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("released__gte", 0), ("released__lte", models.F("allocated"))),
                        name="never_release_more_than_allocated",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pastecolumns",
                    constraint=models.UniqueConstraint(
                        fields=("customer", "shape"), name="one_memory_per_customer_and_shape"
                    ),
                ),
                migrations.AddIndex(
                    model_name="promise",
                    index=django.contrib.postgres.indexes.BrinIndex(
                        fields=["ship_on"], name="promises_by_day", pages_per_range=16
                    ),
                ),
                migrations.AddConstraint(
                    model_name="promise",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("lines__len__gt", 0),
                            ("quantities__len", models.Func(models.F("lines"), function="cardinality")),
                        ),
                        name="promise_is_about_so_much_of_each_line",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="promise",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("promised_on", None), ("ship_on", None)),
                            models.Q(
                                ("promised_on__gte", models.F("ship_on")),
                                ("promised_on__isnull", False),
                                ("ship_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_promise_has_both_days_or_none",
                    ),
                ),
                migrations.AddIndex(
                    model_name="quote",
                    index=models.Index(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("customer_po"), "text_pattern_ops"
                        ),
                        condition=models.Q(("customer_po", ""), _negated=True),
                        name="quote_po_any_case",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="internalnote",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("order__isnull", False), ("quote__isnull", True)),
                            models.Q(("order__isnull", True), ("quote__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_note_is_of_one_document",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="attachment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("order__isnull", False), ("quote__isnull", True)),
                            models.Q(("order__isnull", True), ("quote__isnull", False)),
                            _connector="OR",
                        ),
                        name="an_attachment_is_of_one_document",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quoteevent",
                    constraint=models.UniqueConstraint(
                        fields=("document", "version"), name="one_quote_event_per_version"
                    ),
                ),
                migrations.AddIndex(
                    model_name="quotedelivery",
                    index=models.Index(
                        condition=models.Q(("parked_at", None), ("sent_at", None)),
                        fields=["id"],
                        name="quote_deliveries_owed",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quotedelivery",
                    constraint=models.UniqueConstraint(
                        fields=("event", "consumer"), name="one_quote_delivery_per_consumer"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="counterline",
                    constraint=models.UniqueConstraint(
                        fields=("offer", "line"), name="one_wish_per_line_of_a_counter_offer"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="counterline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("quantity__isnull", False),
                            ("price__isnull", False),
                            models.Q(("comment", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_counter_line_wants_something",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="counterline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quantity", None), ("quantity__gt", 0), _connector="OR"),
                            models.Q(("price", None), ("price__gte", 0), _connector="OR"),
                        ),
                        name="a_counter_line_is_possible",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quoteversion",
                    constraint=models.UniqueConstraint(
                        fields=("quote", "number"), name="one_version_per_number"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quoteline",
                    constraint=models.UniqueConstraint(
                        fields=("version", "position"), name="one_quote_line_per_position"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quoteline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("ordered__gt", 0)), name="quote_line_orders_something"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quoteline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("unit_price__gte", 0)), name="quote_line_price_is_never_negative"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quoteline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("discount_percent__gte", 0), ("discount_percent__lte", 100)),
                        name="quote_line_discount_is_a_percentage",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quoteline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="quote_line_amount_is_never_negative"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quoteanswer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("name", ""), ("reply", "accepted"), _negated=True),
                        name="who_accepts_has_a_name",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quoteanswer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("link", None), ("by", None), _connector="OR"),
                        name="an_answer_comes_by_link_or_is_recorded",
                    ),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(
                        condition=models.Q(("customer_po", ""), _negated=True),
                        fields=["customer_po"],
                        name="order_customer_po",
                    ),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("customer_po"), "text_pattern_ops"
                        ),
                        condition=models.Q(("customer_po", ""), _negated=True),
                        name="order_po_any_case",
                    ),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(fields=["requested_on", "id"], name="orders_by_requested_day"),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(fields=["ship_on", "id"], name="orders_by_promised_day"),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(
                        condition=models.Q(("status__in", ["confirmed", "released"])),
                        fields=["requested_on", "id"],
                        name="orders_in_work",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("priority__gte", 1), ("priority__lte", 9)),
                        name="priority_is_one_to_nine",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("minimum_percent__gte", 0), ("minimum_percent__lte", 100)),
                        name="order_ships_from_a_percentage",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("minimum_value__gte", 0)), name="order_ships_from_a_value"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("most_shipments", None), ("most_shipments__gte", 1), _connector="OR"
                        ),
                        name="order_ships_at_least_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="issueddocument",
                    constraint=models.UniqueConstraint(
                        fields=("kind", "source"), name="the_same_is_issued_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="issueddocument",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "quote"), ("order", None), ("quote_version__isnull", False)),
                            models.Q(
                                ("kind__in", ["confirmation", "proforma"]),
                                ("order__isnull", False),
                                ("quote_version", None),
                            ),
                            _connector="OR",
                        ),
                        name="a_paper_is_of_a_quote_or_an_order",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="issueddocument",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "sha256",
                                models.Func(
                                    models.Func(models.F("content"), function="sha256"),
                                    models.Value("hex"),
                                    function="encode",
                                    output_field=models.CharField(),
                                ),
                            )
                        ),
                        name="a_paper_has_the_hash_of_its_bytes",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="decider",
                    constraint=models.UniqueConstraint(
                        fields=("version", "position"), name="one_decider_per_position"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="decider",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="who_decides_has_a_name"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="counteroffer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="who_counters_has_a_name"
                    ),
                ),
                migrations.AddIndex(
                    model_name="consent",
                    index=models.Index(fields=["version"], name="consents_of_version"),
                ),
                migrations.AddConstraint(
                    model_name="approvalrequest",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("order__isnull", False), ("quote_version", None)),
                            models.Q(("order", None), ("quote_version__isnull", False)),
                            _connector="OR",
                        ),
                        name="approval_is_for_one_document",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="approvalrequest",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("status", "pending")),
                        fields=("order",),
                        name="one_pending_approval_per_order",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="approvalrequest",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("status", "pending")),
                        fields=("quote_version",),
                        name="one_pending_approval_per_quote_version",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="approvalstep",
                    trigger=pgtrigger.compiler.Trigger(
                        name="moves_along_its_table",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.status <> NEW.status AND NOT ((OLD.status = 'pending' AND NEW.status IN ('approved', 'rejected', 'withdrawn'))))",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.status, NEW.status USING ERRCODE = 'check_violation';",
                            hash="8d69503e33bc24a6105b1cb105eef93da66d24a0",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_moves_along_its_table_f553e",
                            table="orders_approvalstep",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="approvalstep",
                    trigger=pgtrigger.compiler.Trigger(
                        name="begins_at_its_start",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.status <> 'pending')",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, 'nothing', NEW.status USING ERRCODE = 'check_violation';",
                            hash="06a808007c21f0ca5d15ec5fb55d15d96921ba62",
                            operation="INSERT",
                            pgid="pgtrigger_begins_at_its_start_2bb33",
                            table="orders_approvalstep",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="decision",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="82b9316ee5de1ef3f076d57f4d85a3329a4b9863",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_0f362",
                            table="orders_decision",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="7d910be96f697ed8c0d24b8d8a9b6e268d3d09ae",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_39cdb",
                            table="orders_orderevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="owed_to_mail",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="INSERT INTO orders_orderdelivery (event_id, consumer) SELECT id, 'mail' FROM new_rows; RETURN NULL;",
                            hash="6634dc360eaf0011f37f6018ae5e7dbb9c4b973a",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_owed_to_mail_fb022",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_orderevent",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="balance_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (NEW.allocated IS DISTINCT FROM OLD.allocated OR NEW.picked IS DISTINCT FROM OLD.picked OR NEW.packed IS DISTINCT FROM OLD.packed OR NEW.shipped IS DISTINCT FROM OLD.shipped))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="fddf03d837c09d39536f166020d7bff3f68f3b1c",
                            operation="UPDATE",
                            pgid="pgtrigger_balance_update_f34a9",
                            table="orders_orderline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="balance_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (NEW.allocated <> 0 OR NEW.picked <> 0 OR NEW.packed <> 0 OR NEW.shipped <> 0))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="fc4d1e288ad49e5cd196f40dbea62314ffb4b876",
                            operation="INSERT",
                            pgid="pgtrigger_balance_insert_8d50c",
                            table="orders_orderline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="balance_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (OLD.allocated <> 0 OR OLD.picked <> 0 OR OLD.packed <> 0 OR OLD.shipped <> 0))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="766bca1e3117f4b21c168f70bfb8f96632f00fdd",
                            operation="DELETE",
                            pgid="pgtrigger_balance_delete_ace2f",
                            table="orders_orderline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="dates_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (NEW.ship_on IS DISTINCT FROM OLD.ship_on OR NEW.promised_on IS DISTINCT FROM OLD.promised_on))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="e402c0f0aab6bbebcd08fe49d0aac2b2d2595b9e",
                            operation="UPDATE",
                            pgid="pgtrigger_dates_update_13521",
                            table="orders_orderline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="dates_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (NEW.ship_on IS NOT NULL OR NEW.promised_on IS NOT NULL))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="a26708c40a70123a4711cd489b3001d9800e3bf6",
                            operation="INSERT",
                            pgid="pgtrigger_dates_insert_e988a",
                            table="orders_orderline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keys_name_rows",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="IF EXISTS (SELECT FROM (SELECT DISTINCT order_id AS key FROM new_rows WHERE order_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM orders_order p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'order_id of % names no row of orders_order', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; IF EXISTS (SELECT FROM (SELECT DISTINCT product_id AS key FROM new_rows WHERE product_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM inventory_product p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'product_id of % names no row of inventory_product', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; IF EXISTS (SELECT FROM (SELECT DISTINCT warehouse_id AS key FROM new_rows WHERE warehouse_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM inventory_warehouse p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'warehouse_id of % names no row of inventory_warehouse', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; RETURN NULL;",
                            hash="d7aa1bf4b11b5c06184d96895fcb79254eeca26b",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_keys_name_rows_31855",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_orderline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_keys_name_rows",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.order_id IS DISTINCT FROM OLD.order_id OR NEW.product_id IS DISTINCT FROM OLD.product_id OR NEW.warehouse_id IS DISTINCT FROM OLD.warehouse_id)",
                            func="IF EXISTS (SELECT FROM (SELECT NEW.order_id AS key WHERE NEW.order_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM orders_order p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'order_id of % names no row of orders_order', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; IF EXISTS (SELECT FROM (SELECT NEW.product_id AS key WHERE NEW.product_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM inventory_product p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'product_id of % names no row of inventory_product', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; IF EXISTS (SELECT FROM (SELECT NEW.warehouse_id AS key WHERE NEW.warehouse_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM inventory_warehouse p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'warehouse_id of % names no row of inventory_warehouse', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; RETURN NULL;",
                            hash="1a15e7fd46e6e8b21cfceb34676c6c91c120a56c",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_keys_name_rows_a9cbe",
                            table="orders_orderline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="only_drafts_lose_lines",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="IF EXISTS (SELECT FROM orders_order WHERE id = OLD.order_id AND status <> 'draft') THEN RAISE EXCEPTION 'line % belongs to an order that is no draft', OLD.id USING ERRCODE = 'check_violation'; END IF; RETURN OLD;",
                            hash="bc29c7270c448601cae4a64c46e79881e8a10b1d",
                            operation="DELETE",
                            pgid="pgtrigger_only_drafts_lose_lines_4530c",
                            table="orders_orderline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="allocation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="028b5aeeac6aeb9c04c68c85786208c441a31875",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_8c77e",
                            table="orders_allocation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="allocation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keys_name_rows",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="IF EXISTS (SELECT FROM (SELECT DISTINCT line_id AS key FROM new_rows WHERE line_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM orders_orderline p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'line_id of % names no row of orders_orderline', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; IF EXISTS (SELECT FROM (SELECT DISTINCT stock_level_id AS key FROM new_rows WHERE stock_level_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM inventory_stocklevel p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'stock_level_id of % names no row of inventory_stocklevel', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; RETURN NULL;",
                            hash="b8e6e91d71d1c1fdbfc2d9df9e9b2debbea3b5a5",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_keys_name_rows_8948e",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_allocation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="allocation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_allocated_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    UPDATE inventory_stocklevel s SET allocated = s.allocated + d.held\n    FROM (SELECT stock_level_id, sum(sign * (allocated + picked + packed)) AS held\n          FROM (SELECT 1 AS sign, * FROM new_rows) r GROUP BY 1) d\n    WHERE s.id = d.stock_level_id AND d.held <> 0;\n\n    UPDATE orders_orderline l SET allocated = l.allocated + d.allocated, picked = l.picked + d.picked,\n        packed = l.packed + d.packed, shipped = l.shipped + d.shipped,\n        ship_on = coalesce(d.ship_on, l.ship_on), promised_on = coalesce(d.promised_on, l.promised_on)\n    FROM (SELECT line_id, sum(sign * allocated) AS allocated, sum(sign * picked) AS picked,\n                 sum(sign * packed) AS packed, sum(sign * shipped) AS shipped,\n                 max(ship_on) AS ship_on, max(promised_on) AS promised_on\n          FROM (SELECT 1 AS sign, * FROM new_rows) r GROUP BY 1) d\n    WHERE l.id = d.line_id AND (d.allocated <> 0 OR d.picked <> 0 OR d.packed <> 0 OR d.shipped <> 0);\n    RETURN NULL;\n",
                            hash="38ebf173c74fc901f15a11b13ead6fb42a886ac8",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_keep_allocated_insert_a360d",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_allocation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="allocation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_allocated_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    UPDATE inventory_stocklevel s SET allocated = s.allocated + d.held\n    FROM (SELECT stock_level_id, sum(sign * (allocated + picked + packed)) AS held\n          FROM (SELECT 1 AS sign, * FROM new_rows UNION ALL SELECT -1 AS sign, * FROM old_rows) r GROUP BY 1) d\n    WHERE s.id = d.stock_level_id AND d.held <> 0;\n\n    UPDATE orders_orderline l SET allocated = l.allocated + d.allocated, picked = l.picked + d.picked,\n        packed = l.packed + d.packed, shipped = l.shipped + d.shipped\n    FROM (SELECT line_id, sum(sign * allocated) AS allocated, sum(sign * picked) AS picked,\n                 sum(sign * packed) AS packed, sum(sign * shipped) AS shipped,\n                 max(ship_on) AS ship_on, max(promised_on) AS promised_on\n          FROM (SELECT 1 AS sign, * FROM new_rows UNION ALL SELECT -1 AS sign, * FROM old_rows) r GROUP BY 1) d\n    WHERE l.id = d.line_id AND (d.allocated <> 0 OR d.picked <> 0 OR d.packed <> 0 OR d.shipped <> 0);\n    RETURN NULL;\n",
                            hash="6225c71857210890980e04b0162f03e181376f32",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_keep_allocated_update_265fa",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_allocation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="allocation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_allocated_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    UPDATE inventory_stocklevel s SET allocated = s.allocated + d.held\n    FROM (SELECT stock_level_id, sum(sign * (allocated + picked + packed)) AS held\n          FROM (SELECT -1 AS sign, * FROM old_rows) r GROUP BY 1) d\n    WHERE s.id = d.stock_level_id AND d.held <> 0;\n\n    UPDATE orders_orderline l SET allocated = l.allocated + d.allocated, picked = l.picked + d.picked,\n        packed = l.packed + d.packed, shipped = l.shipped + d.shipped\n    FROM (SELECT line_id, sum(sign * allocated) AS allocated, sum(sign * picked) AS picked,\n                 sum(sign * packed) AS packed, sum(sign * shipped) AS shipped,\n                 max(ship_on) AS ship_on, max(promised_on) AS promised_on\n          FROM (SELECT -1 AS sign, * FROM old_rows) r GROUP BY 1) d\n    WHERE l.id = d.line_id AND (d.allocated <> 0 OR d.picked <> 0 OR d.packed <> 0 OR d.shipped <> 0);\n    RETURN NULL;\n",
                            hash="d5ea6f139ff373efbcb97794d70309daf96b7138",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_keep_allocated_delete_6ebe0",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="orders_allocation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="allocation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="balance_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (NEW.released IS DISTINCT FROM OLD.released))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="351a8fbe61c752b3b93892244cf08b5a75a42409",
                            operation="UPDATE",
                            pgid="pgtrigger_balance_update_3f5eb",
                            table="orders_allocation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="allocation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="balance_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (NEW.released <> 0))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="e8da1bac3dd5c9f14b29aab677160ca91ce2f37a",
                            operation="INSERT",
                            pgid="pgtrigger_balance_insert_8f6ae",
                            table="orders_allocation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="allocation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="balance_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (OLD.released <> 0))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="9bbf9050ee2dfc18625d0c800997794ff3703111",
                            operation="DELETE",
                            pgid="pgtrigger_balance_delete_34049",
                            table="orders_allocation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="allocation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="line_and_level_never_change",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.line_id IS DISTINCT FROM OLD.line_id OR NEW.stock_level_id IS DISTINCT FROM OLD.stock_level_id)",
                            func="RAISE EXCEPTION 'an allocation keeps its line and its stock level' USING ERRCODE = 'check_violation';",
                            hash="fdf579086d0eb29133a272fe85037f1308484c4c",
                            operation="UPDATE",
                            pgid="pgtrigger_line_and_level_never_change_85204",
                            table="orders_allocation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="promise",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="bd270f9068bb37375eace788caa70ed1909b855f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b0c59",
                            table="orders_promise",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="promise",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_promised",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE found bigint; other bigint;",
                            func="\n    SELECT count(DISTINCT l.id), count(*) FILTER (\n        WHERE (l.ship_on, l.promised_on) IS DISTINCT FROM (n.ship_on, n.promised_on)) INTO found, other\n    FROM new_rows n, unnest(n.lines) AS x(line_id) JOIN orders_orderline l ON l.id = x.line_id\n    WHERE l.order_id = n.order_id;\n    IF found <> (SELECT sum(cardinality(lines)) FROM new_rows) THEN\n        RAISE EXCEPTION 'a promise names lines of its order, each once' USING ERRCODE = 'foreign_key_violation';\n    END IF;\n    IF other > 0 THEN\n        UPDATE orders_orderline l SET ship_on = n.ship_on, promised_on = n.promised_on\n        FROM new_rows n, unnest(n.lines) AS x(line_id)\n        WHERE l.id = x.line_id AND (l.ship_on, l.promised_on) IS DISTINCT FROM (n.ship_on, n.promised_on);\n    END IF;\n    UPDATE orders_order o SET ship_on = d.ship_on\n    FROM (SELECT l.order_id, min(l.ship_on) AS ship_on FROM orders_orderline l\n          WHERE l.order_id IN (SELECT order_id FROM new_rows) GROUP BY 1) d\n    WHERE o.id = d.order_id AND o.ship_on IS DISTINCT FROM d.ship_on;\n    RETURN NULL;\n",
                            hash="c92e56546b5d1fbf0f1b242327351810a266bd74",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_keep_promised_936c0",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_promise",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quote",
                    trigger=pgtrigger.compiler.Trigger(
                        name="moves_along_its_table",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.status <> NEW.status AND NOT ((OLD.status = 'draft' AND NEW.status IN ('cancelled', 'sent', 'waiting')) OR (OLD.status = 'waiting' AND NEW.status IN ('cancelled', 'draft', 'sent')) OR (OLD.status = 'sent' AND NEW.status IN ('accepted', 'cancelled', 'declined', 'draft', 'expired')) OR (OLD.status = 'accepted' AND NEW.status IN ('ordered')) OR (OLD.status = 'declined' AND NEW.status IN ('draft')) OR (OLD.status = 'expired' AND NEW.status IN ('draft'))))",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.status, NEW.status USING ERRCODE = 'check_violation';",
                            hash="191c4351ce905cb6d050be6bbd5e98474d7d4590",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_moves_along_its_table_3a507",
                            table="orders_quote",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quote",
                    trigger=pgtrigger.compiler.Trigger(
                        name="begins_at_its_start",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.status <> 'draft')",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, 'nothing', NEW.status USING ERRCODE = 'check_violation';",
                            hash="6197a1c7f47fda83ef865c60899c4d150775dcb8",
                            operation="INSERT",
                            pgid="pgtrigger_begins_at_its_start_229db",
                            table="orders_quote",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quote",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_to_the_kept_customer",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE kept bigint;",
                            func="\n    LOOP\n        SELECT merged_into_id INTO kept FROM customers_customer WHERE id = NEW.customer_id FOR KEY SHARE;\n        EXIT WHEN kept IS NULL;\n        NEW.customer_id := kept;\n    END LOOP;\n    RETURN NEW;\n",
                            hash="9c7dddf7887c7fa917ed43345e5e0477c0c628a4",
                            operation="INSERT",
                            pgid="pgtrigger_keep_to_the_kept_customer_ef3be",
                            table="orders_quote",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="internalnote",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="bc031ac6d0432d1bd3f17a52d56e196cc8174eac",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_de298",
                            table="orders_internalnote",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="attachment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="e8a13ccc7076cc87c7775dca6f2ff88b00108198",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_c7805",
                            table="orders_attachment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quoteevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="7cf2763f13dd5e1ae5241be2481bbd24e8d4c8e2",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_a4aa8",
                            table="orders_quoteevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quoteevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="owed_to_mail",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="INSERT INTO orders_quotedelivery (event_id, consumer) SELECT id, 'mail' FROM new_rows; RETURN NULL;",
                            hash="c15dd4f9103ad63cb70984bfc7df22cb4edb039a",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_owed_to_mail_fb1af",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_quoteevent",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="counterline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="4db116994f1858efe7bcfb09f7adf8943fda3ce6",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_70fd5",
                            table="orders_counterline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quoteversion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="sent_version_is_frozen",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."sent_at" IS NOT NULL)',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="9ccfc920d0eb0a4fb312b8ed2364332990729c8e",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_sent_version_is_frozen_35bd2",
                            table="orders_quoteversion",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quotelink",
                    trigger=pgtrigger.compiler.Trigger(
                        name="a_link_is_kept",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="3387199398e5f7d0adf6973e503f3aa5b8fc7800",
                            operation="DELETE",
                            pgid="pgtrigger_a_link_is_kept_80c6b",
                            table="orders_quotelink",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quotelink",
                    trigger=pgtrigger.compiler.Trigger(
                        name="a_revoked_link_stays_so",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."revoked_at" IS NOT NULL)',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="2d80718b3c98c329186c66070ba2841198bf0e1c",
                            operation="UPDATE",
                            pgid="pgtrigger_a_revoked_link_stays_so_7d021",
                            table="orders_quotelink",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quotelink",
                    trigger=pgtrigger.compiler.Trigger(
                        name="a_link_opens_one_version",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.token_hash <> OLD.token_hash OR NEW.version_id <> OLD.version_id OR NEW.expires_at > OLD.expires_at OR NEW.decider_id IS DISTINCT FROM OLD.decider_id)",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="2e2a703b1ae01617631b23707b8ef70fafa394a5",
                            operation="UPDATE",
                            pgid="pgtrigger_a_link_opens_one_version_7110b",
                            table="orders_quotelink",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quoteline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="sent_lines_are_frozen",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF EXISTS (SELECT FROM orders_quoteversion v WHERE v.sent_at IS NOT NULL\n                               AND v.id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.version_id END,\n                                            CASE WHEN TG_OP <> 'DELETE' THEN NEW.version_id END)) THEN\n                        RAISE EXCEPTION 'lines of a sent quote never change' USING ERRCODE = 'check_violation';\n                    END IF;\n                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n                    RETURN NEW;\n                ",
                            hash="caa1adb47e75e2eb745f1793a7ab00a276144cad",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_sent_lines_are_frozen_2441a",
                            table="orders_quoteline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quoteanswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="5e4a28fcef99d8bccb25b1a3818c2b3914717fea",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_996cf",
                            table="orders_quoteanswer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="order",
                    trigger=pgtrigger.compiler.Trigger(
                        name="moves_along_its_table",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.status <> NEW.status AND NOT ((OLD.status = 'draft' AND NEW.status IN ('cancelled', 'submitted')) OR (OLD.status = 'submitted' AND NEW.status IN ('cancelled', 'confirmed', 'draft')) OR (OLD.status = 'confirmed' AND NEW.status IN ('cancelled', 'released')) OR (OLD.status = 'released' AND NEW.status IN ('cancelled', 'completed')) OR (OLD.status = 'completed' AND NEW.status IN ('closed', 'released'))))",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.status, NEW.status USING ERRCODE = 'check_violation';",
                            hash="99404416e8860da81c17611d9565308b1ef0bae8",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_moves_along_its_table_e7008",
                            table="orders_order",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="order",
                    trigger=pgtrigger.compiler.Trigger(
                        name="begins_at_its_start",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.status <> 'draft')",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, 'nothing', NEW.status USING ERRCODE = 'check_violation';",
                            hash="3479047390a19493c6bd86b606866542422cdf63",
                            operation="INSERT",
                            pgid="pgtrigger_begins_at_its_start_a13e0",
                            table="orders_order",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="order",
                    trigger=pgtrigger.compiler.Trigger(
                        name="balance_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (NEW.shipments_made IS DISTINCT FROM OLD.shipments_made))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="81f0c2938680bdd750b28c13a52bf19d2d9717ec",
                            operation="UPDATE",
                            pgid="pgtrigger_balance_update_60028",
                            table="orders_order",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="order",
                    trigger=pgtrigger.compiler.Trigger(
                        name="balance_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (NEW.shipments_made <> 0))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="3e4d1cd59e6745f583aaeea03a4229502c5a5764",
                            operation="INSERT",
                            pgid="pgtrigger_balance_insert_61a41",
                            table="orders_order",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="order",
                    trigger=pgtrigger.compiler.Trigger(
                        name="balance_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (OLD.shipments_made <> 0))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="85498e2c46f92d294accc42b54289528a1aea6cd",
                            operation="DELETE",
                            pgid="pgtrigger_balance_delete_3989c",
                            table="orders_order",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="order",
                    trigger=pgtrigger.compiler.Trigger(
                        name="dates_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (NEW.ship_on IS DISTINCT FROM OLD.ship_on))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="4c4a5be83d8b5bc5185eb11f6f09aa14b6b2aa3b",
                            operation="UPDATE",
                            pgid="pgtrigger_dates_update_bbdf3",
                            table="orders_order",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="order",
                    trigger=pgtrigger.compiler.Trigger(
                        name="dates_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (NEW.ship_on IS NOT NULL))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="3416cd0e1c6b2fe3209895270d3bffa9e23f1e96",
                            operation="INSERT",
                            pgid="pgtrigger_dates_insert_efe77",
                            table="orders_order",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="order",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_to_the_kept_customer",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE kept bigint;",
                            func="\n    LOOP\n        SELECT merged_into_id INTO kept FROM customers_customer WHERE id = NEW.customer_id FOR KEY SHARE;\n        EXIT WHEN kept IS NULL;\n        NEW.customer_id := kept;\n    END LOOP;\n    RETURN NEW;\n",
                            hash="4990ea8cb8f539b7e45d057251df063836a1a9b0",
                            operation="INSERT",
                            pgid="pgtrigger_keep_to_the_kept_customer_68b2b",
                            table="orders_order",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="order",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="846d97da14459f71b3ef75bd524924c7b3093c4e",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_4fa22",
                            table="orders_order",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="issueddocument",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="66c57c64ad27b89d7c353d90ddf731d2f97611cc",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_a19f9",
                            table="orders_issueddocument",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="decider",
                    trigger=pgtrigger.compiler.Trigger(
                        name="sent_deciders_are_frozen",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF EXISTS (SELECT FROM orders_quoteversion v WHERE v.sent_at IS NOT NULL\n                               AND v.id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.version_id END,\n                                            CASE WHEN TG_OP <> 'DELETE' THEN NEW.version_id END)) THEN\n                        RAISE EXCEPTION 'decision makers of a sent quote never change' USING ERRCODE = 'check_violation';\n                    END IF;\n                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n                    RETURN NEW;\n                ",
                            hash="8ae3a0df9257bd96b61b5761094e92ec97aea085",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_sent_deciders_are_frozen_b1738",
                            table="orders_decider",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="counteroffer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="8653bb690ebe7740d81de44296f3e708556d9873",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_34dd8",
                            table="orders_counteroffer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="consent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="f0cfeede1402ed438116dad63b0a9bff627b2fc6",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_0dc2e",
                            table="orders_consent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="approvalrequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="moves_along_its_table",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.status <> NEW.status AND NOT ((OLD.status = 'pending' AND NEW.status IN ('approved', 'rejected', 'withdrawn'))))",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.status, NEW.status USING ERRCODE = 'check_violation';",
                            hash="f512bb8cd5e35d23dafa9dbcce8c0f0f0ef810ed",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_moves_along_its_table_01fad",
                            table="orders_approvalrequest",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="approvalrequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="begins_at_its_start",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.status <> 'pending')",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, 'nothing', NEW.status USING ERRCODE = 'check_violation';",
                            hash="53574205eb5a79a47bb800aa42e04a741c07dcc9",
                            operation="INSERT",
                            pgid="pgtrigger_begins_at_its_start_7819a",
                            table="orders_approvalrequest",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="approvalrequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="what_was_approved_is_frozen",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.document_hash IS DISTINCT FROM OLD.document_hash OR NEW.facts IS DISTINCT FROM OLD.facts OR NEW.submitted_by_id IS DISTINCT FROM OLD.submitted_by_id)",
                            func="RAISE EXCEPTION 'what an approval was asked for never changes' USING ERRCODE = 'check_violation';",
                            hash="3d97fdad8e049f5958aab1d30573fb8634731753",
                            operation="UPDATE",
                            pgid="pgtrigger_what_was_approved_is_frozen_6f8a1",
                            table="orders_approvalrequest",
                            when="BEFORE",
                        ),
                    ),
                ),
            ],
        ),
        room_for_updates("orders_allocation", 50),
        room_for_updates("orders_orderline", 40),
    ]

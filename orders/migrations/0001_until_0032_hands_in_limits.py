"""All tables of orders as they stood after 0032_hands_in_limits: a new database is made in one step and not in 32."""

from decimal import Decimal

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.constraints
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
        ("orders", "0016_sorted_lists"),
        ("orders", "0017_changed_orders"),
        ("orders", "0018_agreements"),
        ("orders", "0019_totals"),
        ("orders", "0020_units_proven_in_sets"),
        ("orders", "0021_kept_as_agreed"),
        ("orders", "0022_call_offs"),
        ("orders", "0023_past"),
        ("orders", "0024_drawn_by_value"),
        ("orders", "0025_stock_holds"),
        ("orders", "0026_holds_move"),
        ("orders", "0027_seen_then"),
        ("orders", "0028_line_notes_and_moves"),
        ("orders", "0029_lines_that_wait"),
        ("orders", "0030_order_links"),
        ("orders", "0031_credit"),
        ("orders", "0032_hands_in_limits"),
    ]
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("customers", "0014_credit_by_two"),
        ("inventory", "0020_held_for_quotes"),
        ("oms", "0006_taxes"),
    ]
    operations = [
        create_sequence("orders_quote_number"),
        create_sequence("orders_order_number"),
        AtOnce(
            steps=[
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
                    ],
                    options={
                        "verbose_name": "line of a counter-offer",
                        "verbose_name_plural": "lines of counter-offers",
                        "ordering": ["pk"],
                    },
                ),
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
                    name="OrderedUnit",
                    fields=[],
                    options={
                        "proxy": True,
                        "default_permissions": (),
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=("inventory.productunit",),
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
                        (
                            "tolerance_percent",
                            models.DecimalField(
                                db_default=0,
                                decimal_places=2,
                                default=0,
                                help_text="by so much an approved total may grow before it is asked about again; for totals only",
                                max_digits=5,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="tolerance %",
                            ),
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
                    name="CallOffSchedule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "lead_days",
                            models.PositiveSmallIntegerField(default=14, verbose_name="days ahead"),
                        ),
                        (
                            "customer_po",
                            models.CharField(blank=True, max_length=60, verbose_name="PO number"),
                        ),
                        (
                            "agreement",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="schedule",
                                to="customers.agreement",
                                verbose_name="agreement",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "call-off schedule",
                        "verbose_name_plural": "call-off schedules",
                    },
                ),
                migrations.CreateModel(
                    name="CallOff",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("requested_on", models.DateField(verbose_name="requested on")),
                        (
                            "quantity",
                            models.BigIntegerField(help_text="in base units", verbose_name="quantity"),
                        ),
                        (
                            "refusal",
                            models.CharField(
                                blank=True, db_default="", max_length=500, verbose_name="why not"
                            ),
                        ),
                        ("skipped_at", models.DateTimeField(null=True, verbose_name="skipped at")),
                        (
                            "agreement_line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="call_offs",
                                to="customers.agreementline",
                                verbose_name="product",
                            ),
                        ),
                        (
                            "planned_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="planned by",
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
                            "unit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.productunit",
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "schedule",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="call_offs",
                                to="orders.calloffschedule",
                                verbose_name="schedule",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "call-off",
                        "verbose_name_plural": "call-offs",
                        "ordering": ["requested_on", "pk"],
                        "permissions": [("call_off", "Can call off from an agreement")],
                    },
                ),
                migrations.CreateModel(
                    name="CounterAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("comment", models.CharField(blank=True, max_length=1000, verbose_name="comment")),
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
                                verbose_name="answered by",
                            ),
                        ),
                        (
                            "offer",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answer",
                                to="orders.counteroffer",
                                verbose_name="counter-offer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "answer to a counter-offer",
                        "verbose_name_plural": "answers to counter-offers",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="CounterLineAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "meeting",
                            models.CharField(
                                choices=[
                                    ("met", "as they want"),
                                    ("held", "as quoted"),
                                    ("proposed", "something else"),
                                ],
                                max_length=10,
                                verbose_name="answer",
                            ),
                        ),
                        ("comment", models.CharField(blank=True, max_length=300, verbose_name="comment")),
                        (
                            "answer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="orders.counteranswer",
                                verbose_name="answer",
                            ),
                        ),
                        (
                            "wish",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answer",
                                to="orders.counterline",
                                verbose_name="wish",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "answer to a wish",
                        "verbose_name_plural": "answers to wishes",
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
                                choices=[
                                    ("approval", "approval"),
                                    ("credit", "credit"),
                                    ("manual", "manual"),
                                ],
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
                    ],
                    options={
                        "verbose_name": "hold",
                        "verbose_name_plural": "holds",
                        "ordering": ["-since"],
                    },
                ),
                migrations.CreateModel(
                    name="CreditRelease",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "amount",
                            models.DecimalField(decimal_places=4, max_digits=18, verbose_name="up to"),
                        ),
                        ("revision", models.PositiveIntegerField(verbose_name="revision")),
                        (
                            "until",
                            models.DateField(
                                help_text="the last day on which it goes on", verbose_name="until"
                            ),
                        ),
                        ("reason", models.CharField(max_length=500, verbose_name="why")),
                        (
                            "at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                editable=False,
                                verbose_name="at",
                            ),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="releases",
                                to="customers.creditaccount",
                                verbose_name="account",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "submitted_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="submitted by",
                            ),
                        ),
                        (
                            "hold",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="credit_release",
                                to="orders.hold",
                                verbose_name="hold",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "release of a credit hold",
                        "verbose_name_plural": "releases of credit holds",
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="HoldPolicy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "days",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="0: to the end of the day; empty: no stock is held",
                                null=True,
                                verbose_name="days",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                help_text="empty: all who have none of their own",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.customer",
                                verbose_name="customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "rule for stock held by quotes",
                        "verbose_name_plural": "rules for stock held by quotes",
                        "ordering": [models.OrderBy(models.F("customer__name"), nulls_first=True)],
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
                            "discount_percent",
                            models.DecimalField(
                                db_default=0,
                                decimal_places=4,
                                default=0,
                                editable=False,
                                max_digits=7,
                                verbose_name="discount on all, %",
                            ),
                        ),
                        (
                            "discount_amount",
                            models.DecimalField(
                                db_default=0,
                                decimal_places=4,
                                default=0,
                                editable=False,
                                max_digits=18,
                                verbose_name="discount on all, amount",
                            ),
                        ),
                        (
                            "discount",
                            models.DecimalField(
                                db_default=0,
                                decimal_places=4,
                                default=0,
                                editable=False,
                                max_digits=18,
                                verbose_name="discount",
                            ),
                        ),
                        (
                            "charges",
                            models.DecimalField(
                                db_default=0,
                                decimal_places=4,
                                default=0,
                                editable=False,
                                max_digits=18,
                                verbose_name="charges",
                            ),
                        ),
                        (
                            "tax",
                            models.DecimalField(
                                db_default=0,
                                decimal_places=4,
                                default=0,
                                editable=False,
                                max_digits=18,
                                verbose_name="tax",
                            ),
                        ),
                        (
                            "tax_note",
                            models.CharField(
                                db_default="",
                                default="",
                                editable=False,
                                max_length=200,
                                verbose_name="note on tax",
                            ),
                        ),
                        (
                            "prices_include_tax",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                editable=False,
                                verbose_name="prices include tax",
                            ),
                        ),
                        (
                            "tax_rounding",
                            models.CharField(
                                choices=[("line", "on each line"), ("group", "on the sum of each rate")],
                                db_default="group",
                                default="group",
                                editable=False,
                                max_length=10,
                                verbose_name="tax is rounded",
                            ),
                        ),
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
                        (
                            "goods",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("total"), "+", models.F("discount")
                                        ),
                                        "-",
                                        models.F("charges"),
                                    ),
                                    "-",
                                    models.Case(
                                        models.When(prices_include_tax=True, then=models.Value(Decimal("0"))),
                                        default=models.F("tax"),
                                    ),
                                ),
                                output_field=models.DecimalField(decimal_places=4, max_digits=18),
                                verbose_name="goods",
                            ),
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
                            "tax_zone",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="oms.taxzone",
                                verbose_name="tax zone",
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
                            ("release_credit", "Can let an order go on that waits for credit"),
                            ("override_price", "Can type a price or a discount"),
                            ("override_allocation", "Can take stock from another order and set priorities"),
                            ("import_order", "Can import orders"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CallOffOrder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                            "call_off",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="made",
                                to="orders.calloff",
                                verbose_name="call-off",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="call_offs",
                                to="orders.order",
                                verbose_name="order",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "order of a call-off",
                        "verbose_name_plural": "orders of call-offs",
                    },
                ),
                migrations.CreateModel(
                    name="OrderCharge",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "amount",
                            models.DecimalField(decimal_places=4, max_digits=18, verbose_name="amount"),
                        ),
                        (
                            "tax_percent",
                            models.DecimalField(
                                decimal_places=4, max_digits=7, null=True, verbose_name="tax %"
                            ),
                        ),
                        (
                            "kind",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="oms.chargekind",
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="charged",
                                to="orders.order",
                                verbose_name="order",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "charge of an order",
                        "verbose_name_plural": "charges of orders",
                        "ordering": ["kind__code"],
                        "abstract": False,
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
                                decimal_places=16,
                                default=Decimal("0"),
                                max_digits=19,
                                verbose_name="discount %",
                            ),
                        ),
                        (
                            "amount",
                            models.DecimalField(decimal_places=4, max_digits=18, verbose_name="amount"),
                        ),
                        (
                            "document_discount",
                            models.DecimalField(
                                db_default=0,
                                decimal_places=4,
                                default=0,
                                editable=False,
                                max_digits=18,
                                verbose_name="part of the document's discount",
                            ),
                        ),
                        (
                            "tax_percent",
                            models.DecimalField(
                                decimal_places=4,
                                editable=False,
                                max_digits=7,
                                null=True,
                                verbose_name="tax %",
                            ),
                        ),
                        (
                            "note",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                editable=False,
                                max_length=200,
                                verbose_name="note",
                            ),
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
                            "waits",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                editable=False,
                                verbose_name="waits for stock",
                            ),
                        ),
                        (
                            "agreement_line",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.agreementline",
                                verbose_name="agreement",
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
                                db_constraint=False,
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
                    name="AgreementDraw",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("quantity", models.BigIntegerField(verbose_name="quantity")),
                        (
                            "value",
                            models.DecimalField(
                                db_default=0,
                                decimal_places=4,
                                default=Decimal("0"),
                                max_digits=18,
                                verbose_name="value",
                            ),
                        ),
                        (
                            "at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                editable=False,
                                verbose_name="at",
                            ),
                        ),
                        (
                            "agreement_line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="draws",
                                to="customers.agreementline",
                                verbose_name="line of an agreement",
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
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="draws",
                                to="orders.orderline",
                                verbose_name="order line",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "draw from an agreement",
                        "verbose_name_plural": "draws from agreements",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="OrderLink",
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
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links",
                                to="orders.order",
                                verbose_name="order",
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
                        "verbose_name": "tracking link",
                        "verbose_name_plural": "tracking links",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="OrderMoment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("xact", models.BigIntegerField(verbose_name="transaction")),
                        ("at", models.DateTimeField(verbose_name="at")),
                        ("begins", models.BooleanField(verbose_name="begins it")),
                        (
                            "document",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="moments",
                                to="orders.order",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "moment of an order",
                        "verbose_name_plural": "moments of orders",
                        "ordering": ["document", "at", "pk"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="OrderBefore",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("what", models.CharField(max_length=10, verbose_name="what")),
                        ("was", models.JSONField(verbose_name="how it was")),
                        (
                            "came",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), size=None, verbose_name="what came"
                            ),
                        ),
                        (
                            "moment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="befores",
                                to="orders.ordermoment",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "how an order was",
                        "verbose_name_plural": "how orders were",
                        "ordering": ["pk"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="OrderMoved",
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
                            "allocated",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), size=None, verbose_name="allocated"
                            ),
                        ),
                        (
                            "picked",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), size=None, verbose_name="picked"
                            ),
                        ),
                        (
                            "packed",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), size=None, verbose_name="packed"
                            ),
                        ),
                        (
                            "shipped",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), size=None, verbose_name="shipped"
                            ),
                        ),
                        (
                            "moment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="moved",
                                to="orders.ordermoment",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "moved between buckets",
                        "verbose_name_plural": "moved between buckets",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="OrderTax",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "percent",
                            models.DecimalField(decimal_places=4, max_digits=7, verbose_name="percent"),
                        ),
                        ("base", models.DecimalField(decimal_places=4, max_digits=18, verbose_name="taxed")),
                        ("tax", models.DecimalField(decimal_places=4, max_digits=18, verbose_name="tax")),
                        (
                            "order",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="taxes",
                                to="orders.order",
                                verbose_name="order",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "tax of an order",
                        "verbose_name_plural": "taxes of orders",
                        "ordering": ["-percent"],
                        "abstract": False,
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
                                    ("changed", "the order was changed"),
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
                                decimal_places=16,
                                default=Decimal("0"),
                                max_digits=19,
                                verbose_name="discount %",
                            ),
                        ),
                        (
                            "amount",
                            models.DecimalField(decimal_places=4, max_digits=18, verbose_name="amount"),
                        ),
                        (
                            "document_discount",
                            models.DecimalField(
                                db_default=0,
                                decimal_places=4,
                                default=0,
                                editable=False,
                                max_digits=18,
                                verbose_name="part of the document's discount",
                            ),
                        ),
                        (
                            "tax_percent",
                            models.DecimalField(
                                decimal_places=4,
                                editable=False,
                                max_digits=7,
                                null=True,
                                verbose_name="tax %",
                            ),
                        ),
                        (
                            "note",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                editable=False,
                                max_length=200,
                                verbose_name="note",
                            ),
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
                            "agreement_line",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.agreementline",
                                verbose_name="agreement",
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
                    name="QuoteMoment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("xact", models.BigIntegerField(verbose_name="transaction")),
                        ("at", models.DateTimeField(verbose_name="at")),
                        ("begins", models.BooleanField(verbose_name="begins it")),
                        (
                            "document",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="moments",
                                to="orders.quote",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "moment of a quote",
                        "verbose_name_plural": "moments of quotes",
                        "ordering": ["document", "at", "pk"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="QuoteBefore",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("what", models.CharField(max_length=10, verbose_name="what")),
                        ("was", models.JSONField(verbose_name="how it was")),
                        (
                            "came",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), size=None, verbose_name="what came"
                            ),
                        ),
                        (
                            "moment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="befores",
                                to="orders.quotemoment",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "how a quote was",
                        "verbose_name_plural": "how quotes were",
                        "ordering": ["pk"],
                        "abstract": False,
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
                        (
                            "discount_percent",
                            models.DecimalField(
                                db_default=0,
                                decimal_places=4,
                                default=0,
                                editable=False,
                                max_digits=7,
                                verbose_name="discount on all, %",
                            ),
                        ),
                        (
                            "discount_amount",
                            models.DecimalField(
                                db_default=0,
                                decimal_places=4,
                                default=0,
                                editable=False,
                                max_digits=18,
                                verbose_name="discount on all, amount",
                            ),
                        ),
                        (
                            "discount",
                            models.DecimalField(
                                db_default=0,
                                decimal_places=4,
                                default=0,
                                editable=False,
                                max_digits=18,
                                verbose_name="discount",
                            ),
                        ),
                        (
                            "charges",
                            models.DecimalField(
                                db_default=0,
                                decimal_places=4,
                                default=0,
                                editable=False,
                                max_digits=18,
                                verbose_name="charges",
                            ),
                        ),
                        (
                            "tax",
                            models.DecimalField(
                                db_default=0,
                                decimal_places=4,
                                default=0,
                                editable=False,
                                max_digits=18,
                                verbose_name="tax",
                            ),
                        ),
                        (
                            "tax_note",
                            models.CharField(
                                db_default="",
                                default="",
                                editable=False,
                                max_length=200,
                                verbose_name="note on tax",
                            ),
                        ),
                        (
                            "prices_include_tax",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                editable=False,
                                verbose_name="prices include tax",
                            ),
                        ),
                        (
                            "tax_rounding",
                            models.CharField(
                                choices=[("line", "on each line"), ("group", "on the sum of each rate")],
                                db_default="group",
                                default="group",
                                editable=False,
                                max_length=10,
                                verbose_name="tax is rounded",
                            ),
                        ),
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
                        (
                            "goods",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("total"), "+", models.F("discount")
                                        ),
                                        "-",
                                        models.F("charges"),
                                    ),
                                    "-",
                                    models.Case(
                                        models.When(prices_include_tax=True, then=models.Value(Decimal("0"))),
                                        default=models.F("tax"),
                                    ),
                                ),
                                output_field=models.DecimalField(decimal_places=4, max_digits=18),
                                verbose_name="goods",
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="version")),
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
                        (
                            "tax_zone",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="oms.taxzone",
                                verbose_name="tax zone",
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
                    name="QuoteTax",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "percent",
                            models.DecimalField(decimal_places=4, max_digits=7, verbose_name="percent"),
                        ),
                        ("base", models.DecimalField(decimal_places=4, max_digits=18, verbose_name="taxed")),
                        ("tax", models.DecimalField(decimal_places=4, max_digits=18, verbose_name="tax")),
                        (
                            "version",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="taxes",
                                to="orders.quoteversion",
                                verbose_name="quote version",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "tax of a quote",
                        "verbose_name_plural": "taxes of quotes",
                        "ordering": ["-percent"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="QuoteCharge",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "amount",
                            models.DecimalField(decimal_places=4, max_digits=18, verbose_name="amount"),
                        ),
                        (
                            "tax_percent",
                            models.DecimalField(
                                decimal_places=4, max_digits=7, null=True, verbose_name="tax %"
                            ),
                        ),
                        (
                            "kind",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="oms.chargekind",
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="charged",
                                to="orders.quoteversion",
                                verbose_name="quote version",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "charge of a quote",
                        "verbose_name_plural": "charges of quotes",
                        "ordering": ["kind__code"],
                        "abstract": False,
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
                migrations.CreateModel(
                    name="StockHold",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("quantity", models.BigIntegerField(verbose_name="quantity")),
                        ("held_on", models.DateField(verbose_name="held on")),
                        (
                            "until",
                            models.DateField(help_text="the last day, to its end", verbose_name="held until"),
                        ),
                        ("ended_on", models.DateField(null=True, verbose_name="ended on")),
                        (
                            "ended_by",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("ordered", "its order has it"),
                                    ("left_out", "its order leaves it out"),
                                    ("lapsed", "its last day is over"),
                                    ("replaced", "another version replaced it"),
                                    ("declined", "declined"),
                                    ("expired", "expired"),
                                    ("cancelled", "cancelled"),
                                    ("let_go", "let go by hand"),
                                    ("moved", "its order goes out elsewhere"),
                                ],
                                db_default="",
                                max_length=20,
                                verbose_name="ended by",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="stock_holds",
                                to="orders.quoteline",
                                verbose_name="quote line",
                            ),
                        ),
                        (
                            "stock_level",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="inventory.stocklevel",
                                verbose_name="stock level",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "stock hold",
                        "verbose_name_plural": "stock holds",
                        "ordering": ["pk"],
                    },
                ),
            ],
        ),
        AtOnce(
            steps=[
                migrations.AddField(
                    model_name="counterline",
                    name="offer",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="orders.counteroffer",
                        verbose_name="offer",
                    ),
                ),
                migrations.AddField(
                    model_name="hold",
                    name="order",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holds",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
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
                    model_name="counterline",
                    name="line",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.quoteline",
                        verbose_name="line",
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
                    model_name="counteranswer",
                    name="version",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers_to",
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
                pgtrigger.migrations.AddTrigger(
                    model_name="orderedunit",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stays_while_ordered",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="LOCK TABLE orders_orderline IN SHARE MODE; IF EXISTS (SELECT FROM orders_orderline WHERE product_id = OLD.product_id AND unit_id = OLD.id) THEN RAISE EXCEPTION 'unit % is ordered', OLD.code USING ERRCODE = 'foreign_key_violation'; END IF; RETURN OLD;",
                            hash="dfcfc1bc42b2d6dd1e453ad165d543e83ccc1b87",
                            operation="DELETE",
                            pgid="pgtrigger_stays_while_ordered_66cf1",
                            table="inventory_productunit",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="approvalrule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("tolerance_percent", 0),
                            models.Q(
                                ("fact", "total_above"),
                                ("tolerance_percent__gt", 0),
                                ("tolerance_percent__lte", 100),
                            ),
                            _connector="OR",
                        ),
                        name="only_totals_have_a_tolerance",
                        violation_error_message="Only a rule about the total has a tolerance, of 0 to 100 percent.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="approvalstep",
                    constraint=models.UniqueConstraint(fields=("request", "rule"), name="one_step_per_rule"),
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
                    model_name="approvalstep",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_order_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT (SELECT a.order_id FROM orders_approvalrequest a WHERE a.id = r.request_id) AS document, r.id, NULL::jsonb AS was FROM new_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_orderbefore (moment_id, what, was, came)\n    SELECT m.id, 'step', '{}', array_agg(c.id ORDER BY c.id) FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="d792730ceda3d213b90d72263876b1723f9b7dfc",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_past_of_order_insert_22eda",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_approvalstep",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="approvalstep",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_order_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (\n    SELECT (SELECT a.order_id FROM orders_approvalrequest a WHERE a.id = r.request_id) AS document, r.id, x.was FROM old_rows o JOIN new_rows r ON r.id = o.id\n    CROSS JOIN LATERAL (SELECT to_jsonb(o) AS old, to_jsonb(r) AS new OFFSET 0) j\n    CROSS JOIN LATERAL (SELECT jsonb_object_agg(b.key, b.value) AS was FROM jsonb_each(j.old) b\n                        WHERE b.value IS DISTINCT FROM j.new -> b.key) x\n    WHERE x.was IS NOT NULL)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_orderbefore (moment_id, what, was, came)\n    SELECT m.id, 'step', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="d1d1c08c3f08a164612c85497c572233475e768e",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_past_of_order_update_02806",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_approvalstep",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="approvalstep",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_order_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT (SELECT a.order_id FROM orders_approvalrequest a WHERE a.id = r.request_id) AS document, r.id, to_jsonb(r) AS was FROM old_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_orderbefore (moment_id, what, was, came)\n    SELECT m.id, 'step', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="13d944c5cd828747282747525d54343c667ac63a",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_past_of_order_delete_88d02",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="orders_approvalstep",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="approvalstep",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT (SELECT v.quote_id FROM orders_approvalrequest a JOIN orders_quoteversion v ON v.id = a.quote_version_id WHERE a.id = r.request_id) AS document, r.id, NULL::jsonb AS was FROM new_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'step', '{}', array_agg(c.id ORDER BY c.id) FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="688ee29b24a9b8a3d6c4efa802ed1bfd07d854a3",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_past_of_quote_insert_b3657",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_approvalstep",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="approvalstep",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (\n    SELECT (SELECT v.quote_id FROM orders_approvalrequest a JOIN orders_quoteversion v ON v.id = a.quote_version_id WHERE a.id = r.request_id) AS document, r.id, x.was FROM old_rows o JOIN new_rows r ON r.id = o.id\n    CROSS JOIN LATERAL (SELECT to_jsonb(o) AS old, to_jsonb(r) AS new OFFSET 0) j\n    CROSS JOIN LATERAL (SELECT jsonb_object_agg(b.key, b.value) AS was FROM jsonb_each(j.old) b\n                        WHERE b.value IS DISTINCT FROM j.new -> b.key) x\n    WHERE x.was IS NOT NULL)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'step', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="dd5b458458b871874fa7925067bfccf645835d09",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_past_of_quote_update_8932d",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_approvalstep",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="approvalstep",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT (SELECT v.quote_id FROM orders_approvalrequest a JOIN orders_quoteversion v ON v.id = a.quote_version_id WHERE a.id = r.request_id) AS document, r.id, to_jsonb(r) AS was FROM old_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'step', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="53b96c18b6a15b3385fa69006a907038c3ead4af",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_past_of_quote_delete_a078d",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="orders_approvalstep",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="calloffschedule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("lead_days__lte", 365)), name="call_off_at_most_a_year_ahead"
                    ),
                ),
                migrations.AddIndex(
                    model_name="calloff",
                    index=models.Index(fields=["schedule", "requested_on"], name="call_offs_by_day"),
                ),
                migrations.AddConstraint(
                    model_name="calloff",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 1)), name="a_call_off_is_of_something"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="calloff",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("skipped_at", None)),
                        fields=("agreement_line", "ship_to", "requested_on"),
                        name="one_call_off_per_line_place_and_day",
                    ),
                ),
                migrations.AddIndex(
                    model_name="counterlineanswer",
                    index=models.Index(fields=["answer"], name="answers_to_wishes"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="counterlineanswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="f51e50d83ebc1e197e53c2788d7e39b37e7d3b80",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_fb55f",
                            table="orders_counterlineanswer",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="decision",
                    index=models.Index(fields=["at"], name="decisions_of_late"),
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
                migrations.AddConstraint(
                    model_name="creditrelease",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("submitted_by", None),
                            models.Q(("by", models.F("submitted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_releases_what_they_submitted",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditrelease",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="a_credit_release_says_why"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="creditrelease",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="8e32c5d27e57446bb568d5dfa5b95ef724e6bf64",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_85ed6",
                            table="orders_creditrelease",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="creditrelease",
                    trigger=pgtrigger.compiler.Trigger(
                        name="no_hand_in_limit_and_release",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF EXISTS (SELECT FROM customers_creditchange c LEFT JOIN customers_creditproposal p ON p.id = c.proposal_id\n               WHERE c.account_id = NEW.account_id AND NEW.by_id IN (c.by_id, p.proposed_by_id)\n               AND c.at > now() - interval '30 days') THEN\n        RAISE EXCEPTION 'who changed the limit of credit account % does not release its holds', NEW.account_id\n        USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                            hash="75a5745f6c85e5165b0ac6d10874637a2c2a8cdf",
                            operation="INSERT",
                            pgid="pgtrigger_no_hand_in_limit_and_release_cdec6",
                            table="orders_creditrelease",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="holdpolicy",
                    constraint=models.UniqueConstraint(
                        fields=("customer",), name="one_policy_of_holds_for_all", nulls_distinct=False
                    ),
                ),
                migrations.AddConstraint(
                    model_name="holdpolicy",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("days__lte", 365)), name="stock_is_held_a_year_at_most"
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
                pgtrigger.migrations.AddTrigger(
                    model_name="hold",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_order_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT r.order_id AS document, r.id, NULL::jsonb AS was FROM new_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_orderbefore (moment_id, what, was, came)\n    SELECT m.id, 'hold', '{}', array_agg(c.id ORDER BY c.id) FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="459c6c739789da1ff9405d13682c3614f24f8938",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_past_of_order_insert_803b2",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_hold",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="hold",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_order_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (\n    SELECT r.order_id AS document, r.id, x.was FROM old_rows o JOIN new_rows r ON r.id = o.id\n    CROSS JOIN LATERAL (SELECT to_jsonb(o) AS old, to_jsonb(r) AS new OFFSET 0) j\n    CROSS JOIN LATERAL (SELECT jsonb_object_agg(b.key, b.value) AS was FROM jsonb_each(j.old) b\n                        WHERE b.value IS DISTINCT FROM j.new -> b.key) x\n    WHERE x.was IS NOT NULL)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_orderbefore (moment_id, what, was, came)\n    SELECT m.id, 'hold', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="d6726b6f06f5195270de3095b6372f06cd986825",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_past_of_order_update_445c0",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_hold",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="hold",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_order_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT r.order_id AS document, r.id, to_jsonb(r) AS was FROM old_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_orderbefore (moment_id, what, was, came)\n    SELECT m.id, 'hold', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="5b2097379f244b0295037068632a910729a8cdfd",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_past_of_order_delete_a8dc5",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="orders_hold",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="callofforder",
                    constraint=models.UniqueConstraint(
                        fields=("call_off", "order"), name="an_order_is_made_of_a_call_off_once"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="callofforder",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="de82488dc79af25cf3ac3642eab7d96a3ce257f5",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_26c26",
                            table="orders_callofforder",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="ordercharge",
                    constraint=models.UniqueConstraint(
                        fields=("order", "kind"), name="one_order_charge_per_kind"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="ordercharge",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="order_charge_charges_something"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ordercharge",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_order_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT r.order_id AS document, r.id, NULL::jsonb AS was FROM new_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_orderbefore (moment_id, what, was, came)\n    SELECT m.id, 'charge', '{}', array_agg(c.id ORDER BY c.id) FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="ff121ad062d57c97331f60b9c267df4f6b0b31af",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_past_of_order_insert_3d149",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_ordercharge",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ordercharge",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_order_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (\n    SELECT r.order_id AS document, r.id, x.was FROM old_rows o JOIN new_rows r ON r.id = o.id\n    CROSS JOIN LATERAL (SELECT to_jsonb(o) AS old, to_jsonb(r) AS new OFFSET 0) j\n    CROSS JOIN LATERAL (SELECT jsonb_object_agg(b.key, b.value) AS was FROM jsonb_each(j.old) b\n                        WHERE b.value IS DISTINCT FROM j.new -> b.key) x\n    WHERE x.was IS NOT NULL)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_orderbefore (moment_id, what, was, came)\n    SELECT m.id, 'charge', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="ef528a9a3a8f3529c0afd67d85eed2d6105dc3eb",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_past_of_order_update_81930",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_ordercharge",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ordercharge",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_order_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT r.order_id AS document, r.id, to_jsonb(r) AS was FROM old_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_orderbefore (moment_id, what, was, came)\n    SELECT m.id, 'charge', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="8290311f864b47d126a0c7e4c48e0b732e77d43e",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_past_of_order_delete_07d91",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="orders_ordercharge",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orderevent",
                    constraint=models.UniqueConstraint(
                        fields=("document", "version"), name="one_order_event_per_version"
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
                        condition=models.Q(("waits", True)),
                        fields=["warehouse", "product"],
                        name="order_lines_that_wait",
                    ),
                ),
                migrations.AddIndex(
                    model_name="orderline",
                    index=models.Index(
                        condition=models.Q(("agreement_line__isnull", False)),
                        fields=["agreement_line"],
                        name="order_lines_of_agreements",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orderline",
                    constraint=models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["IMMEDIATE"],
                        fields=("order", "position"),
                        name="one_order_line_per_position",
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
                            ("document_discount__gte", 0), ("document_discount__lte", models.F("amount"))
                        ),
                        name="order_line_has_a_part_of_the_discount",
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
                        name="flags_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (NEW.waits IS DISTINCT FROM OLD.waits))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="6b16ac64b06032656033f8bc11584a0de5da184d",
                            operation="UPDATE",
                            pgid="pgtrigger_flags_update_e721f",
                            table="orders_orderline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="flags_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (NEW.waits))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="4b5aae78dbbc2c636f1e77a153c8966f4f7bb03c",
                            operation="INSERT",
                            pgid="pgtrigger_flags_insert_eea8a",
                            table="orders_orderline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_waiting_when_changed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.ordered IS DISTINCT FROM OLD.ordered OR NEW.cancelled IS DISTINCT FROM OLD.cancelled)",
                            func="NEW.waits := NEW.ordered > NEW.cancelled + NEW.allocated + NEW.picked + NEW.packed + NEW.shipped AND EXISTS (SELECT FROM orders_order o WHERE o.id = NEW.order_id AND o.status IN ('confirmed', 'released')); RETURN NEW;",
                            hash="83f2ba5b782f160f294df9b0c0c44b03d470c900",
                            operation="UPDATE",
                            pgid="pgtrigger_keep_waiting_when_changed_ea6cf",
                            table="orders_orderline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_waiting_when_new",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="UPDATE orders_orderline l SET waits = true FROM new_rows n WHERE l.id = n.id AND n.open > 0 AND n.order_id IN (SELECT o.id FROM orders_order o WHERE o.id IN (SELECT order_id FROM new_rows) AND o.status IN ('confirmed', 'released')); RETURN NULL;",
                            hash="31ecd567392c70fdc2d8e181e51db5455c9e9346",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_keep_waiting_when_new_f6b34",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_orderline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keys_name_rows",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="IF EXISTS (SELECT FROM (SELECT DISTINCT order_id AS key FROM new_rows WHERE order_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM orders_order p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'order_id of % names no row of orders_order', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; IF EXISTS (SELECT FROM (SELECT DISTINCT product_id AS key FROM new_rows WHERE product_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM inventory_product p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'product_id of % names no row of inventory_product', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; IF EXISTS (SELECT FROM (SELECT DISTINCT unit_id AS key FROM new_rows WHERE unit_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM inventory_productunit p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'unit_id of % names no row of inventory_productunit', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; IF EXISTS (SELECT FROM (SELECT DISTINCT warehouse_id AS key FROM new_rows WHERE warehouse_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM inventory_warehouse p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'warehouse_id of % names no row of inventory_warehouse', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; IF EXISTS (SELECT FROM (SELECT DISTINCT agreement_line_id AS key FROM new_rows WHERE agreement_line_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM customers_agreementline p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'agreement_line_id of % names no row of customers_agreementline', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; RETURN NULL;",
                            hash="c3d5546d08ff8d8498e681a4d8445efeed22c8ac",
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
                        name="only_confirmed_orders_take_lines_out",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.ordered = 0)",
                            func="IF EXISTS (SELECT FROM orders_order WHERE id = NEW.order_id AND status IN ('draft', 'submitted')) THEN RAISE EXCEPTION 'line % of an order that is not confirmed orders nothing', NEW.position USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
                            hash="42d08b7667930e14dffd9ae11efb1757cbf34c21",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_only_confirmed_orders_take_lines_out_33db6",
                            table="orders_orderline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_keys_name_rows",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.order_id IS DISTINCT FROM OLD.order_id OR NEW.product_id IS DISTINCT FROM OLD.product_id OR NEW.unit_id IS DISTINCT FROM OLD.unit_id OR NEW.warehouse_id IS DISTINCT FROM OLD.warehouse_id OR NEW.agreement_line_id IS DISTINCT FROM OLD.agreement_line_id)",
                            func="IF EXISTS (SELECT FROM (SELECT NEW.order_id AS key WHERE NEW.order_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM orders_order p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'order_id of % names no row of orders_order', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; IF EXISTS (SELECT FROM (SELECT NEW.product_id AS key WHERE NEW.product_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM inventory_product p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'product_id of % names no row of inventory_product', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; IF EXISTS (SELECT FROM (SELECT NEW.unit_id AS key WHERE NEW.unit_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM inventory_productunit p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'unit_id of % names no row of inventory_productunit', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; IF EXISTS (SELECT FROM (SELECT NEW.warehouse_id AS key WHERE NEW.warehouse_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM inventory_warehouse p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'warehouse_id of % names no row of inventory_warehouse', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; IF EXISTS (SELECT FROM (SELECT NEW.agreement_line_id AS key WHERE NEW.agreement_line_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM customers_agreementline p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'agreement_line_id of % names no row of customers_agreementline', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; RETURN NULL;",
                            hash="8ca67481b9b26360c5cb315e88fe7bfe075ac728",
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
                    model_name="orderline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_order_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT r.order_id AS document, r.id, NULL::jsonb AS was FROM new_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_orderbefore (moment_id, what, was, came)\n    SELECT m.id, 'line', '{}', array_agg(c.id ORDER BY c.id) FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="fe98730fb0896b3d31731518acf5d3c5e879c492",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_past_of_order_insert_5ae97",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_orderline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_order_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="IF pg_trigger_depth() > 1 THEN RETURN NULL; END IF; WITH changed AS MATERIALIZED (\n    SELECT * FROM (SELECT r.order_id AS document, r.id, CASE WHEN o.position IS DISTINCT FROM r.position THEN jsonb_build_object('position', o.position) ELSE '{}'::jsonb END || CASE WHEN o.product_id IS DISTINCT FROM r.product_id THEN jsonb_build_object('product_id', o.product_id) ELSE '{}'::jsonb END || CASE WHEN o.unit_id IS DISTINCT FROM r.unit_id THEN jsonb_build_object('unit_id', o.unit_id) ELSE '{}'::jsonb END || CASE WHEN o.ordered IS DISTINCT FROM r.ordered THEN jsonb_build_object('ordered', o.ordered) ELSE '{}'::jsonb END || CASE WHEN o.list_price IS DISTINCT FROM r.list_price THEN jsonb_build_object('list_price', o.list_price) ELSE '{}'::jsonb END || CASE WHEN o.unit_price IS DISTINCT FROM r.unit_price THEN jsonb_build_object('unit_price', o.unit_price) ELSE '{}'::jsonb END || CASE WHEN o.discount_percent IS DISTINCT FROM r.discount_percent THEN jsonb_build_object('discount_percent', o.discount_percent) ELSE '{}'::jsonb END || CASE WHEN o.amount IS DISTINCT FROM r.amount THEN jsonb_build_object('amount', o.amount) ELSE '{}'::jsonb END || CASE WHEN o.document_discount IS DISTINCT FROM r.document_discount THEN jsonb_build_object('document_discount', o.document_discount) ELSE '{}'::jsonb END || CASE WHEN o.tax_percent IS DISTINCT FROM r.tax_percent THEN jsonb_build_object('tax_percent', o.tax_percent) ELSE '{}'::jsonb END || CASE WHEN o.note IS DISTINCT FROM r.note THEN jsonb_build_object('note', o.note) ELSE '{}'::jsonb END || CASE WHEN o.unit_cost IS DISTINCT FROM r.unit_cost THEN jsonb_build_object('unit_cost', o.unit_cost) ELSE '{}'::jsonb END || CASE WHEN o.trace IS DISTINCT FROM r.trace THEN jsonb_build_object('trace', o.trace) ELSE '{}'::jsonb END || CASE WHEN o.agreement_line_id IS DISTINCT FROM r.agreement_line_id THEN jsonb_build_object('agreement_line_id', o.agreement_line_id) ELSE '{}'::jsonb END || CASE WHEN o.warehouse_id IS DISTINCT FROM r.warehouse_id THEN jsonb_build_object('warehouse_id', o.warehouse_id) ELSE '{}'::jsonb END || CASE WHEN o.cancelled IS DISTINCT FROM r.cancelled THEN jsonb_build_object('cancelled', o.cancelled) ELSE '{}'::jsonb END AS was\n        FROM old_rows o JOIN new_rows r ON r.id = o.id OFFSET 0) c\n    WHERE c.was <> '{}')\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_orderbefore (moment_id, what, was, came)\n    SELECT m.id, 'line', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="91e1fe83279289976dc8f9d3a5e45ceb36e1c77e",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_past_of_order_update_24c38",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_orderline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_order_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT r.order_id AS document, r.id, to_jsonb(r) AS was FROM old_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_orderbefore (moment_id, what, was, came)\n    SELECT m.id, 'line', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="3f4d96edce686bb5753420bcc7fb4ad3b6c6db4c",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_past_of_order_delete_185b9",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="orders_orderline",
                            when="AFTER",
                        ),
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
                            func="\n    UPDATE inventory_stocklevel s SET allocated = s.allocated + d.held\n    FROM (SELECT stock_level_id, sum(sign * (allocated + picked + packed)) AS held\n          FROM (SELECT 1 AS sign, * FROM new_rows) r GROUP BY 1) d\n    WHERE s.id = d.stock_level_id AND d.held <> 0;\n\n    WITH changed AS (\n    UPDATE orders_orderline l SET allocated = l.allocated + d.allocated, picked = l.picked + d.picked,\n        packed = l.packed + d.packed, shipped = l.shipped + d.shipped,\n        waits = l.open > d.allocated + d.picked + d.packed + d.shipped,\n        ship_on = coalesce(d.ship_on, l.ship_on), promised_on = coalesce(d.promised_on, l.promised_on)\n    FROM (SELECT line_id, sum(sign * allocated) AS allocated, sum(sign * picked) AS picked,\n                 sum(sign * packed) AS packed, sum(sign * shipped) AS shipped,\n                 max(ship_on) AS ship_on, max(promised_on) AS promised_on\n          FROM (SELECT 1 AS sign, * FROM new_rows) r GROUP BY 1) d\n    WHERE l.id = d.line_id AND (d.allocated <> 0 OR d.picked <> 0 OR d.packed <> 0 OR d.shipped <> 0)\n    RETURNING l.order_id AS document, l.id, d.allocated, d.picked, d.packed, d.shipped)\n    \n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_ordermoved (moment_id, lines, allocated, picked, packed, shipped)\n    SELECT m.id, array_agg(c.id), CASE WHEN bool_or(c.allocated <> 0) THEN array_agg(c.allocated::bigint) ELSE '{}' END, CASE WHEN bool_or(c.picked <> 0) THEN array_agg(c.picked::bigint) ELSE '{}' END, CASE WHEN bool_or(c.packed <> 0) THEN array_agg(c.packed::bigint) ELSE '{}' END, CASE WHEN bool_or(c.shipped <> 0) THEN array_agg(c.shipped::bigint) ELSE '{}' END FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id;\n    RETURN NULL;\n",
                            hash="1d17b2297d2ac40020b23640170db6d5618defea",
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
                            func="\n    UPDATE inventory_stocklevel s SET allocated = s.allocated + d.held\n    FROM (SELECT stock_level_id, sum(sign * (allocated + picked + packed)) AS held\n          FROM (SELECT 1 AS sign, * FROM new_rows UNION ALL SELECT -1 AS sign, * FROM old_rows) r GROUP BY 1) d\n    WHERE s.id = d.stock_level_id AND d.held <> 0;\n\n    WITH changed AS (\n    UPDATE orders_orderline l SET allocated = l.allocated + d.allocated, picked = l.picked + d.picked,\n        packed = l.packed + d.packed, shipped = l.shipped + d.shipped,\n        waits = l.open > d.allocated + d.picked + d.packed + d.shipped\n    FROM (SELECT line_id, sum(sign * allocated) AS allocated, sum(sign * picked) AS picked,\n                 sum(sign * packed) AS packed, sum(sign * shipped) AS shipped,\n                 max(ship_on) AS ship_on, max(promised_on) AS promised_on\n          FROM (SELECT 1 AS sign, * FROM new_rows UNION ALL SELECT -1 AS sign, * FROM old_rows) r GROUP BY 1) d\n    WHERE l.id = d.line_id AND (d.allocated <> 0 OR d.picked <> 0 OR d.packed <> 0 OR d.shipped <> 0)\n    RETURNING l.order_id AS document, l.id, d.allocated, d.picked, d.packed, d.shipped)\n    \n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_ordermoved (moment_id, lines, allocated, picked, packed, shipped)\n    SELECT m.id, array_agg(c.id), CASE WHEN bool_or(c.allocated <> 0) THEN array_agg(c.allocated::bigint) ELSE '{}' END, CASE WHEN bool_or(c.picked <> 0) THEN array_agg(c.picked::bigint) ELSE '{}' END, CASE WHEN bool_or(c.packed <> 0) THEN array_agg(c.packed::bigint) ELSE '{}' END, CASE WHEN bool_or(c.shipped <> 0) THEN array_agg(c.shipped::bigint) ELSE '{}' END FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id;\n    RETURN NULL;\n",
                            hash="173a04d5dadaad31a92adf1dfa5b5e1e18114223",
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
                            func="\n    UPDATE inventory_stocklevel s SET allocated = s.allocated + d.held\n    FROM (SELECT stock_level_id, sum(sign * (allocated + picked + packed)) AS held\n          FROM (SELECT -1 AS sign, * FROM old_rows) r GROUP BY 1) d\n    WHERE s.id = d.stock_level_id AND d.held <> 0;\n\n    WITH changed AS (\n    UPDATE orders_orderline l SET allocated = l.allocated + d.allocated, picked = l.picked + d.picked,\n        packed = l.packed + d.packed, shipped = l.shipped + d.shipped,\n        waits = l.open > d.allocated + d.picked + d.packed + d.shipped\n    FROM (SELECT line_id, sum(sign * allocated) AS allocated, sum(sign * picked) AS picked,\n                 sum(sign * packed) AS packed, sum(sign * shipped) AS shipped,\n                 max(ship_on) AS ship_on, max(promised_on) AS promised_on\n          FROM (SELECT -1 AS sign, * FROM old_rows) r GROUP BY 1) d\n    WHERE l.id = d.line_id AND (d.allocated <> 0 OR d.picked <> 0 OR d.packed <> 0 OR d.shipped <> 0)\n    RETURNING l.order_id AS document, l.id, d.allocated, d.picked, d.packed, d.shipped)\n    \n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_ordermoved (moment_id, lines, allocated, picked, packed, shipped)\n    SELECT m.id, array_agg(c.id), CASE WHEN bool_or(c.allocated <> 0) THEN array_agg(c.allocated::bigint) ELSE '{}' END, CASE WHEN bool_or(c.picked <> 0) THEN array_agg(c.picked::bigint) ELSE '{}' END, CASE WHEN bool_or(c.packed <> 0) THEN array_agg(c.packed::bigint) ELSE '{}' END, CASE WHEN bool_or(c.shipped <> 0) THEN array_agg(c.shipped::bigint) ELSE '{}' END FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id;\n    RETURN NULL;\n",
                            hash="1e7a1c23e4ea5aa78cabb789cb44261c67fb5aeb",
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
                migrations.AddConstraint(
                    model_name="agreementdraw",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("quantity", 0), ("value", 0), _negated=True),
                        name="a_draw_is_of_something",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="agreementdraw",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="dffa9b52826c3090a572297f748223578deb874a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_3caf6",
                            table="orders_agreementdraw",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="agreementdraw",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_drawn_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    UPDATE customers_agreementline a SET drawn = a.drawn + d.quantity, drawn_value = a.drawn_value + d.value\n    FROM (SELECT agreement_line_id, sum(sign * quantity) AS quantity, sum(sign * value) AS value\n          FROM (SELECT 1 AS sign, * FROM new_rows) r GROUP BY 1) d\n    WHERE a.id = d.agreement_line_id AND (d.quantity, d.value) <> (0, 0);\n    RETURN NULL;\n",
                            hash="44feb3b1ffb52b33e3b05e27431110666c8e7fef",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_keep_drawn_insert_af36b",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_agreementdraw",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderlink",
                    trigger=pgtrigger.compiler.Trigger(
                        name="a_link_is_kept",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="0540964eb8ff9a6ad9e3b0e3edcb3b21ca54f020",
                            operation="DELETE",
                            pgid="pgtrigger_a_link_is_kept_917db",
                            table="orders_orderlink",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderlink",
                    trigger=pgtrigger.compiler.Trigger(
                        name="a_revoked_link_stays_so",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."revoked_at" IS NOT NULL)',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="d2ff69aeaa719de20f3d9149ceacdb97ed5e59f9",
                            operation="UPDATE",
                            pgid="pgtrigger_a_revoked_link_stays_so_a078b",
                            table="orders_orderlink",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderlink",
                    trigger=pgtrigger.compiler.Trigger(
                        name="a_link_follows_one_order",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.token_hash IS DISTINCT FROM OLD.token_hash OR NEW.order_id IS DISTINCT FROM OLD.order_id OR NEW.expires_at > OLD.expires_at)",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="4f9abd77c86f390e1bf58fe8ca4874842bfa2deb",
                            operation="UPDATE",
                            pgid="pgtrigger_a_link_follows_one_order_90516",
                            table="orders_orderlink",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="ordermoment",
                    index=models.Index(fields=["document", "at"], name="moments_of_an_order"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ordermoment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="d786766a467842eafe6b93687d26a3fdb1ee283a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b9625",
                            table="orders_ordermoment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderbefore",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="82be0aa2d745057373a971628c53fb9f74ac29e8",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_a3e76",
                            table="orders_orderbefore",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ordermoved",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="505469d81fd75b3e7f6ab546aa9137b3e0c127d6",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_e4754",
                            table="orders_ordermoved",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="ordertax",
                    constraint=models.UniqueConstraint(
                        fields=("order", "percent"), name="one_order_tax_per_rate"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ordertax",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_order_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT r.order_id AS document, r.id, NULL::jsonb AS was FROM new_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_orderbefore (moment_id, what, was, came)\n    SELECT m.id, 'tax', '{}', array_agg(c.id ORDER BY c.id) FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="610e5f5a3a2458cf771013a9147ced381359aadf",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_past_of_order_insert_82579",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_ordertax",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ordertax",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_order_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (\n    SELECT r.order_id AS document, r.id, x.was FROM old_rows o JOIN new_rows r ON r.id = o.id\n    CROSS JOIN LATERAL (SELECT to_jsonb(o) AS old, to_jsonb(r) AS new OFFSET 0) j\n    CROSS JOIN LATERAL (SELECT jsonb_object_agg(b.key, b.value) AS was FROM jsonb_each(j.old) b\n                        WHERE b.value IS DISTINCT FROM j.new -> b.key) x\n    WHERE x.was IS NOT NULL)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_orderbefore (moment_id, what, was, came)\n    SELECT m.id, 'tax', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="a2c1f934f58989fe869807624923ac9ae819824b",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_past_of_order_update_2163d",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_ordertax",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ordertax",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_order_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT r.order_id AS document, r.id, to_jsonb(r) AS was FROM old_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_orderbefore (moment_id, what, was, came)\n    SELECT m.id, 'tax', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="3ba5f839684df3e3e16feb0782831a651d5d47a9",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_past_of_order_delete_84856",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="orders_ordertax",
                            when="AFTER",
                        ),
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
                            func="\n    SELECT count(DISTINCT l.id), count(*) FILTER (\n        WHERE (l.ship_on, l.promised_on, l.waits) IS DISTINCT FROM (n.ship_on, n.promised_on, l.open > 0)\n        ) INTO found, other\n    FROM new_rows n, unnest(n.lines) AS x(line_id) JOIN orders_orderline l ON l.id = x.line_id\n    WHERE l.order_id = n.order_id;\n    IF found <> (SELECT sum(cardinality(lines)) FROM new_rows) THEN\n        RAISE EXCEPTION 'a promise names lines of its order, each once' USING ERRCODE = 'foreign_key_violation';\n    END IF;\n    IF other > 0 THEN\n        UPDATE orders_orderline l SET ship_on = n.ship_on, promised_on = n.promised_on, waits = l.open > 0\n        FROM new_rows n, unnest(n.lines) AS x(line_id)\n        WHERE l.id = x.line_id\n          AND (l.ship_on, l.promised_on, l.waits) IS DISTINCT FROM (n.ship_on, n.promised_on, l.open > 0);\n    END IF;\n    UPDATE orders_order o SET ship_on = d.ship_on\n    FROM (SELECT l.order_id, min(l.ship_on) AS ship_on FROM orders_orderline l\n          WHERE l.order_id IN (SELECT order_id FROM new_rows) GROUP BY 1) d\n    WHERE o.id = d.order_id AND o.ship_on IS DISTINCT FROM d.ship_on;\n    RETURN NULL;\n",
                            hash="4e16f1b826de41be2dbfe08702caaef561881227",
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
                    model_name="promise",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_order_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT r.order_id AS document, r.id, NULL::jsonb AS was FROM new_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_orderbefore (moment_id, what, was, came)\n    SELECT m.id, 'promise', '{}', array_agg(c.id ORDER BY c.id) FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="72ffa17daeca254a5716c3306d0bfe3740e5b960",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_past_of_order_insert_88645",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_promise",
                            when="AFTER",
                        ),
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
                    model_name="quote",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT r.id AS document, r.id, NULL::jsonb AS was FROM new_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), true\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'quote', '{}', array_agg(c.id ORDER BY c.id) FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="be65667ee9a533e5fa2dd16e910506ed78b58e5a",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_past_of_quote_insert_2be33",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_quote",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quote",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (\n    SELECT r.id AS document, r.id, x.was FROM old_rows o JOIN new_rows r ON r.id = o.id\n    CROSS JOIN LATERAL (SELECT to_jsonb(o) AS old, to_jsonb(r) AS new OFFSET 0) j\n    CROSS JOIN LATERAL (SELECT jsonb_object_agg(b.key, b.value) AS was FROM jsonb_each(j.old) b\n                        WHERE b.value IS DISTINCT FROM j.new -> b.key) x\n    WHERE x.was IS NOT NULL)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'quote', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="f85f49d17d6085af199be2efb6b6a4e3aeea8475",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_past_of_quote_update_14d0e",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_quote",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quote",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT r.id AS document, r.id, to_jsonb(r) AS was FROM old_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'quote', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="375f429476ad1b6a4199896e12ca86e24c37660f",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_past_of_quote_delete_e00ef",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="orders_quote",
                            when="AFTER",
                        ),
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
                migrations.AddConstraint(
                    model_name="quoteevent",
                    constraint=models.UniqueConstraint(
                        fields=("document", "version"), name="one_quote_event_per_version"
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
                migrations.AddIndex(
                    model_name="quotemoment",
                    index=models.Index(fields=["document", "at"], name="moments_of_a_quote"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quotemoment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="2f2f28cc843b3874858cc994341740eac0c77143",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_c873a",
                            table="orders_quotemoment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quotebefore",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="5532b899b747b090423dc1f2f731697135834b7c",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_0be98",
                            table="orders_quotebefore",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quoteversion",
                    constraint=models.UniqueConstraint(
                        fields=("quote", "number"), name="one_version_per_number"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quoteversion",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("discount_percent__gte", 0), ("discount_percent__lte", 100)),
                        name="quote_version_discount_is_a_percentage",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quoteversion",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("discount_amount__gte", 0),
                            models.Q(("discount_amount", 0), ("discount_percent", 0), _connector="OR"),
                        ),
                        name="quote_version_discount_is_percent_or_amount",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quoteversion",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("discount__gte", 0), ("goods__gte", models.F("discount"))),
                        name="quote_version_discount_is_part_of_goods",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quoteversion",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("charges__gte", 0), ("tax__gte", 0)),
                        name="quote_version_charges_and_tax_are_never_negative",
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
                    model_name="quoteversion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT r.quote_id AS document, r.id, NULL::jsonb AS was FROM new_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'version', '{}', array_agg(c.id ORDER BY c.id) FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="35544cee19632d9bbc09265405c20e224dca8c42",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_past_of_quote_insert_a6d78",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_quoteversion",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quoteversion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (\n    SELECT r.quote_id AS document, r.id, x.was FROM old_rows o JOIN new_rows r ON r.id = o.id\n    CROSS JOIN LATERAL (SELECT to_jsonb(o) AS old, to_jsonb(r) AS new OFFSET 0) j\n    CROSS JOIN LATERAL (SELECT jsonb_object_agg(b.key, b.value) AS was FROM jsonb_each(j.old) b\n                        WHERE b.value IS DISTINCT FROM j.new -> b.key) x\n    WHERE x.was IS NOT NULL)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'version', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="b54da463fc87b6eaf04310600e607ef465657dff",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_past_of_quote_update_8cf10",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_quoteversion",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quoteversion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT r.quote_id AS document, r.id, to_jsonb(r) AS was FROM old_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'version', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="30410f5ee860d3765dda6bc66f1a6bbcfa219a56",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_past_of_quote_delete_b941b",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="orders_quoteversion",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quotetax",
                    constraint=models.UniqueConstraint(
                        fields=("version", "percent"), name="one_quote_tax_per_rate"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quotetax",
                    trigger=pgtrigger.compiler.Trigger(
                        name="sent_taxes_are_frozen",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF EXISTS (SELECT FROM orders_quoteversion v WHERE v.sent_at IS NOT NULL\n                               AND v.id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.version_id END,\n                                            CASE WHEN TG_OP <> 'DELETE' THEN NEW.version_id END)) THEN\n                        RAISE EXCEPTION 'taxes of a sent quote never change' USING ERRCODE = 'check_violation';\n                    END IF;\n                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n                    RETURN NEW;\n                ",
                            hash="7232efc85e04011986a49031c528d7447d49ebd4",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_sent_taxes_are_frozen_22f0b",
                            table="orders_quotetax",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quotetax",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT (SELECT v.quote_id FROM orders_quoteversion v WHERE v.id = r.version_id) AS document, r.id, NULL::jsonb AS was FROM new_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'tax', '{}', array_agg(c.id ORDER BY c.id) FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="81c9e1a50dc624ac2595d3ec2c44a2b0412eb88b",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_past_of_quote_insert_78650",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_quotetax",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quotetax",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (\n    SELECT (SELECT v.quote_id FROM orders_quoteversion v WHERE v.id = r.version_id) AS document, r.id, x.was FROM old_rows o JOIN new_rows r ON r.id = o.id\n    CROSS JOIN LATERAL (SELECT to_jsonb(o) AS old, to_jsonb(r) AS new OFFSET 0) j\n    CROSS JOIN LATERAL (SELECT jsonb_object_agg(b.key, b.value) AS was FROM jsonb_each(j.old) b\n                        WHERE b.value IS DISTINCT FROM j.new -> b.key) x\n    WHERE x.was IS NOT NULL)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'tax', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="e991ec5a15a9be3fe256b500333838bc7269808d",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_past_of_quote_update_ac0d9",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_quotetax",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quotetax",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT (SELECT v.quote_id FROM orders_quoteversion v WHERE v.id = r.version_id) AS document, r.id, to_jsonb(r) AS was FROM old_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'tax', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="5ba7d254c79fdaf9537de0e76e3cb163584d52ec",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_past_of_quote_delete_c0644",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="orders_quotetax",
                            when="AFTER",
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
                            condition="WHEN (NEW.token_hash IS DISTINCT FROM OLD.token_hash OR NEW.version_id IS DISTINCT FROM OLD.version_id OR NEW.decider_id IS DISTINCT FROM OLD.decider_id OR NEW.expires_at > OLD.expires_at)",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="4d38b611652a578626a8a62016cac38874aeb763",
                            operation="UPDATE",
                            pgid="pgtrigger_a_link_opens_one_version_7110b",
                            table="orders_quotelink",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quoteline",
                    constraint=models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["IMMEDIATE"],
                        fields=("version", "position"),
                        name="one_quote_line_per_position",
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
                    model_name="quoteline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("document_discount__gte", 0), ("document_discount__lte", models.F("amount"))
                        ),
                        name="quote_line_has_a_part_of_the_discount",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quoteline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("ordered__gt", 0)), name="quote_line_orders_something"
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
                    model_name="quoteline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT (SELECT v.quote_id FROM orders_quoteversion v WHERE v.id = r.version_id) AS document, r.id, NULL::jsonb AS was FROM new_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'line', '{}', array_agg(c.id ORDER BY c.id) FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="ddc88947040f35f3493ca70ac1ed89d1f688711f",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_past_of_quote_insert_7b4ae",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_quoteline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quoteline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="IF pg_trigger_depth() > 1 THEN RETURN NULL; END IF; WITH changed AS MATERIALIZED (\n    SELECT * FROM (SELECT (SELECT v.quote_id FROM orders_quoteversion v WHERE v.id = r.version_id) AS document, r.id, CASE WHEN o.position IS DISTINCT FROM r.position THEN jsonb_build_object('position', o.position) ELSE '{}'::jsonb END || CASE WHEN o.product_id IS DISTINCT FROM r.product_id THEN jsonb_build_object('product_id', o.product_id) ELSE '{}'::jsonb END || CASE WHEN o.unit_id IS DISTINCT FROM r.unit_id THEN jsonb_build_object('unit_id', o.unit_id) ELSE '{}'::jsonb END || CASE WHEN o.ordered IS DISTINCT FROM r.ordered THEN jsonb_build_object('ordered', o.ordered) ELSE '{}'::jsonb END || CASE WHEN o.list_price IS DISTINCT FROM r.list_price THEN jsonb_build_object('list_price', o.list_price) ELSE '{}'::jsonb END || CASE WHEN o.unit_price IS DISTINCT FROM r.unit_price THEN jsonb_build_object('unit_price', o.unit_price) ELSE '{}'::jsonb END || CASE WHEN o.discount_percent IS DISTINCT FROM r.discount_percent THEN jsonb_build_object('discount_percent', o.discount_percent) ELSE '{}'::jsonb END || CASE WHEN o.amount IS DISTINCT FROM r.amount THEN jsonb_build_object('amount', o.amount) ELSE '{}'::jsonb END || CASE WHEN o.document_discount IS DISTINCT FROM r.document_discount THEN jsonb_build_object('document_discount', o.document_discount) ELSE '{}'::jsonb END || CASE WHEN o.tax_percent IS DISTINCT FROM r.tax_percent THEN jsonb_build_object('tax_percent', o.tax_percent) ELSE '{}'::jsonb END || CASE WHEN o.note IS DISTINCT FROM r.note THEN jsonb_build_object('note', o.note) ELSE '{}'::jsonb END || CASE WHEN o.unit_cost IS DISTINCT FROM r.unit_cost THEN jsonb_build_object('unit_cost', o.unit_cost) ELSE '{}'::jsonb END || CASE WHEN o.trace IS DISTINCT FROM r.trace THEN jsonb_build_object('trace', o.trace) ELSE '{}'::jsonb END || CASE WHEN o.agreement_line_id IS DISTINCT FROM r.agreement_line_id THEN jsonb_build_object('agreement_line_id', o.agreement_line_id) ELSE '{}'::jsonb END AS was\n        FROM old_rows o JOIN new_rows r ON r.id = o.id OFFSET 0) c\n    WHERE c.was <> '{}')\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'line', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="4e7daa78403e23d21dcbc429b7f08ee6cb32224a",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_past_of_quote_update_d39ec",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_quoteline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quoteline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT (SELECT v.quote_id FROM orders_quoteversion v WHERE v.id = r.version_id) AS document, r.id, to_jsonb(r) AS was FROM old_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'line', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="9b210ac33ca8272a1a9ac189a49f4199a50bdbc4",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_past_of_quote_delete_155f8",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="orders_quoteline",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quotecharge",
                    constraint=models.UniqueConstraint(
                        fields=("version", "kind"), name="one_quote_charge_per_kind"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quotecharge",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="quote_charge_charges_something"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quotecharge",
                    trigger=pgtrigger.compiler.Trigger(
                        name="sent_charges_are_frozen",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF EXISTS (SELECT FROM orders_quoteversion v WHERE v.sent_at IS NOT NULL\n                               AND v.id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.version_id END,\n                                            CASE WHEN TG_OP <> 'DELETE' THEN NEW.version_id END)) THEN\n                        RAISE EXCEPTION 'charges of a sent quote never change' USING ERRCODE = 'check_violation';\n                    END IF;\n                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n                    RETURN NEW;\n                ",
                            hash="f437a8b04432b00b56fb19a9af594842c97e8171",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_sent_charges_are_frozen_00561",
                            table="orders_quotecharge",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quotecharge",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT (SELECT v.quote_id FROM orders_quoteversion v WHERE v.id = r.version_id) AS document, r.id, NULL::jsonb AS was FROM new_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'charge', '{}', array_agg(c.id ORDER BY c.id) FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="caff94efa59cce962e7674984a45964c2070f6ff",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_past_of_quote_insert_66a48",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_quotecharge",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quotecharge",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (\n    SELECT (SELECT v.quote_id FROM orders_quoteversion v WHERE v.id = r.version_id) AS document, r.id, x.was FROM old_rows o JOIN new_rows r ON r.id = o.id\n    CROSS JOIN LATERAL (SELECT to_jsonb(o) AS old, to_jsonb(r) AS new OFFSET 0) j\n    CROSS JOIN LATERAL (SELECT jsonb_object_agg(b.key, b.value) AS was FROM jsonb_each(j.old) b\n                        WHERE b.value IS DISTINCT FROM j.new -> b.key) x\n    WHERE x.was IS NOT NULL)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'charge', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="d91c0a4a5fb37f8841d253a454e33f4cac5fa45d",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_past_of_quote_update_2b4a9",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_quotecharge",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quotecharge",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT (SELECT v.quote_id FROM orders_quoteversion v WHERE v.id = r.version_id) AS document, r.id, to_jsonb(r) AS was FROM old_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'charge', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="0fe692f6461bbad776a2bba129232a1cbe935195",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_past_of_quote_delete_84eda",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="orders_quotecharge",
                            when="AFTER",
                        ),
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
                    index=models.Index(fields=["status", "id"], name="orders_by_status"),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(fields=["total", "id"], name="orders_by_total"),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(fields=["customer_po", "id"], name="orders_by_customer_po"),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(fields=["status_since", "id"], name="orders_by_status_since"),
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
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("discount_percent__gte", 0), ("discount_percent__lte", 100)),
                        name="order_discount_is_a_percentage",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("discount_amount__gte", 0),
                            models.Q(("discount_amount", 0), ("discount_percent", 0), _connector="OR"),
                        ),
                        name="order_discount_is_percent_or_amount",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("discount__gte", 0), ("goods__gte", models.F("discount"))),
                        name="order_discount_is_part_of_goods",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("charges__gte", 0), ("tax__gte", 0)),
                        name="order_charges_and_tax_are_never_negative",
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
                    model_name="order",
                    trigger=pgtrigger.compiler.Trigger(
                        name="no_line_waits_unseen",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.status IN ('confirmed', 'released') AND OLD.status NOT IN ('confirmed', 'released'))",
                            constraint="CONSTRAINT",
                            func="IF EXISTS (SELECT FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id WHERE o.id = NEW.id AND l.open > 0 AND NOT l.waits AND o.status IN ('confirmed', 'released')) THEN RAISE EXCEPTION 'a line of order % waits for stock and nobody would see it', NEW.number USING ERRCODE = 'check_violation'; END IF; RETURN NULL;",
                            hash="6376b4b8b4b5f40d26664e73f20d6c9b8b4cc7f5",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_no_line_waits_unseen_6640a",
                            table="orders_order",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="order",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_order_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT r.id AS document, r.id, NULL::jsonb AS was FROM new_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), true\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_orderbefore (moment_id, what, was, came)\n    SELECT m.id, 'order', '{}', array_agg(c.id ORDER BY c.id) FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="285a64c8ce3d885008dfc3e5a96d4f8fb0ecb29e",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_past_of_order_insert_05246",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_order",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="order",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_order_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (\n    SELECT r.id AS document, r.id, x.was FROM old_rows o JOIN new_rows r ON r.id = o.id\n    CROSS JOIN LATERAL (SELECT to_jsonb(o) AS old, to_jsonb(r) AS new OFFSET 0) j\n    CROSS JOIN LATERAL (SELECT jsonb_object_agg(b.key, b.value) AS was FROM jsonb_each(j.old) b\n                        WHERE b.value IS DISTINCT FROM j.new -> b.key) x\n    WHERE x.was IS NOT NULL)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_orderbefore (moment_id, what, was, came)\n    SELECT m.id, 'order', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="59a4a4ce0b3b2a09680c91f9a5b8f323ad810d37",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_past_of_order_update_78fe9",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_order",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="order",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_order_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT r.id AS document, r.id, to_jsonb(r) AS was FROM old_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_orderbefore (moment_id, what, was, came)\n    SELECT m.id, 'order', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="1cab19e59b19bcbd7470d14840db21cc687fbc9c",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_past_of_order_delete_fb1e5",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="orders_order",
                            when="AFTER",
                        ),
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
                    model_name="decider",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT (SELECT v.quote_id FROM orders_quoteversion v WHERE v.id = r.version_id) AS document, r.id, NULL::jsonb AS was FROM new_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'decider', '{}', array_agg(c.id ORDER BY c.id) FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="d6ce05a038a9957a4504c3a8667ad54c7ba94016",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_past_of_quote_insert_bc69a",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_decider",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="decider",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (\n    SELECT (SELECT v.quote_id FROM orders_quoteversion v WHERE v.id = r.version_id) AS document, r.id, x.was FROM old_rows o JOIN new_rows r ON r.id = o.id\n    CROSS JOIN LATERAL (SELECT to_jsonb(o) AS old, to_jsonb(r) AS new OFFSET 0) j\n    CROSS JOIN LATERAL (SELECT jsonb_object_agg(b.key, b.value) AS was FROM jsonb_each(j.old) b\n                        WHERE b.value IS DISTINCT FROM j.new -> b.key) x\n    WHERE x.was IS NOT NULL)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'decider', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="77845df70fe44fc896e5f984b014f64809318d12",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_past_of_quote_update_1d83c",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_decider",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="decider",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT (SELECT v.quote_id FROM orders_quoteversion v WHERE v.id = r.version_id) AS document, r.id, to_jsonb(r) AS was FROM old_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'decider', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="24011296929765f2c88f27f93cbdbd7dccc838db",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_past_of_quote_delete_9008f",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="orders_decider",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="counteroffer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="who_counters_has_a_name"
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
                    model_name="counteranswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="2741dbee03efecb6d688ceb70a5425ef91860b6d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_2c41c",
                            table="orders_counteranswer",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="consent",
                    index=models.Index(fields=["version"], name="consents_of_version"),
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
                pgtrigger.migrations.AddTrigger(
                    model_name="approvalrequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_order_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT r.order_id AS document, r.id, NULL::jsonb AS was FROM new_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_orderbefore (moment_id, what, was, came)\n    SELECT m.id, 'request', '{}', array_agg(c.id ORDER BY c.id) FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="38b2477ffceb77d6d19e3237b90fb867f28821fb",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_past_of_order_insert_3e09f",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_approvalrequest",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="approvalrequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_order_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (\n    SELECT r.order_id AS document, r.id, x.was FROM old_rows o JOIN new_rows r ON r.id = o.id\n    CROSS JOIN LATERAL (SELECT to_jsonb(o) AS old, to_jsonb(r) AS new OFFSET 0) j\n    CROSS JOIN LATERAL (SELECT jsonb_object_agg(b.key, b.value) AS was FROM jsonb_each(j.old) b\n                        WHERE b.value IS DISTINCT FROM j.new -> b.key) x\n    WHERE x.was IS NOT NULL)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_orderbefore (moment_id, what, was, came)\n    SELECT m.id, 'request', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="9b05b623f1874f5d860a558274a0db0b7cf73e61",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_past_of_order_update_294e9",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_approvalrequest",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="approvalrequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_order_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT r.order_id AS document, r.id, to_jsonb(r) AS was FROM old_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_ordermoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_ordermoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_ordermoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_orderbefore (moment_id, what, was, came)\n    SELECT m.id, 'request', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="be87936fe3ab2ed3b9e7622eadc4a6bad1e3e2fb",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_past_of_order_delete_2f8fd",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="orders_approvalrequest",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="approvalrequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT (SELECT v.quote_id FROM orders_quoteversion v WHERE v.id = r.quote_version_id) AS document, r.id, NULL::jsonb AS was FROM new_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'request', '{}', array_agg(c.id ORDER BY c.id) FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="e94e9d828252021d0e3ad115fc0376f84f2691cc",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_past_of_quote_insert_c4e1b",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_approvalrequest",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="approvalrequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (\n    SELECT (SELECT v.quote_id FROM orders_quoteversion v WHERE v.id = r.quote_version_id) AS document, r.id, x.was FROM old_rows o JOIN new_rows r ON r.id = o.id\n    CROSS JOIN LATERAL (SELECT to_jsonb(o) AS old, to_jsonb(r) AS new OFFSET 0) j\n    CROSS JOIN LATERAL (SELECT jsonb_object_agg(b.key, b.value) AS was FROM jsonb_each(j.old) b\n                        WHERE b.value IS DISTINCT FROM j.new -> b.key) x\n    WHERE x.was IS NOT NULL)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'request', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="e7d05957d91608ef679760d2c69495e8e0d0f252",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_past_of_quote_update_12d07",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_approvalrequest",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="approvalrequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="past_of_quote_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="WITH changed AS MATERIALIZED (SELECT (SELECT v.quote_id FROM orders_quoteversion v WHERE v.id = r.quote_version_id) AS document, r.id, to_jsonb(r) AS was FROM old_rows r)\n    , documents AS (SELECT DISTINCT document FROM changed WHERE document IS NOT NULL),\n    there AS (\n        SELECT DISTINCT ON (m.document_id) m.document_id, m.id, m.begins\n        FROM documents d JOIN orders_quotemoment m ON m.document_id = d.document\n        WHERE m.at >= coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, now()) AND m.xact = pg_current_xact_id()::text::bigint\n        ORDER BY m.document_id, m.id DESC\n    ), made AS (\n        INSERT INTO orders_quotemoment (document_id, xact, at, begins)\n        SELECT d.document, pg_current_xact_id()::text::bigint, greatest(coalesce(nullif(current_setting('oms.told_at', true), '')::timestamptz, clock_timestamp()),\n               (SELECT max(m.at) FROM orders_quotemoment m WHERE m.document_id = d.document)), false\n        FROM documents d WHERE NOT EXISTS (SELECT FROM there t WHERE t.document_id = d.document)\n        RETURNING document_id, id, begins\n    ), moment AS (SELECT * FROM there UNION ALL SELECT * FROM made)\n\n    INSERT INTO orders_quotebefore (moment_id, what, was, came)\n    SELECT m.id, 'request', jsonb_object_agg(c.id, c.was), '{}' FROM changed c JOIN moment m ON m.document_id = c.document\n    WHERE NOT m.begins GROUP BY m.id\n; RETURN NULL;",
                            hash="e294cabe70460533bb3944ce7e00ff0fcecec896",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_past_of_quote_delete_6182f",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="orders_approvalrequest",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="stockhold",
                    index=models.Index(
                        condition=models.Q(("ended_on", None)),
                        fields=["stock_level"],
                        name="open_holds_of_a_level",
                    ),
                ),
                migrations.AddIndex(
                    model_name="stockhold",
                    index=models.Index(
                        condition=models.Q(("ended_on", None)), fields=["until"], name="open_holds_by_day"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stockhold",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("line",),
                        name="one_open_hold_per_quote_line",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stockhold",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="a_hold_is_of_something"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stockhold",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("held_on"))), name="a_hold_has_a_day"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stockhold",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_by", ""), ("ended_on", None)),
                            models.Q(("ended_on__isnull", False), models.Q(("ended_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_hold_that_ended_says_why",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="stockhold",
                    trigger=pgtrigger.compiler.Trigger(
                        name="a_hold_only_ends",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.ended_on IS NOT NULL OR NEW.ended_on IS NULL\n    OR (NEW.line_id, NEW.stock_level_id, NEW.quantity, NEW.held_on, NEW.until)\n       IS DISTINCT FROM (OLD.line_id, OLD.stock_level_id, OLD.quantity, OLD.held_on, OLD.until))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="4f2c237a8a28a567d6c2d500434e5667dfcee286",
                            operation="UPDATE",
                            pgid="pgtrigger_a_hold_only_ends_871f3",
                            table="orders_stockhold",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="stockhold",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="7eaaa0875f540f962e75ade4a70b95a4f0fee64e",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_008a4",
                            table="orders_stockhold",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="stockhold",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_held_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    UPDATE inventory_stocklevel s SET held = s.held + d.quantity\n    FROM (SELECT stock_level_id, sum(sign * quantity) AS quantity FROM (SELECT 1 AS sign, * FROM new_rows) h\n          WHERE ended_on IS NULL GROUP BY 1 HAVING sum(sign * quantity) <> 0) d\n    WHERE s.id = d.stock_level_id;\n    RETURN NULL;\n",
                            hash="f22cdfdb35264b58552a7eac6536162eda9a4838",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_keep_held_insert_89841",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_stockhold",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="stockhold",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_held_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    UPDATE inventory_stocklevel s SET held = s.held + d.quantity\n    FROM (SELECT stock_level_id, sum(sign * quantity) AS quantity FROM (SELECT 1 AS sign, * FROM new_rows UNION ALL SELECT -1 AS sign, * FROM old_rows) h\n          WHERE ended_on IS NULL GROUP BY 1 HAVING sum(sign * quantity) <> 0) d\n    WHERE s.id = d.stock_level_id;\n    RETURN NULL;\n",
                            hash="5e79320fcedbc2bdd2891caf6410c2113f7b185f",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_keep_held_update_c072f",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_stockhold",
                            when="AFTER",
                        ),
                    ),
                ),
            ],
        ),
        room_for_updates("orders_allocation", 50),
        room_for_updates("orders_orderline", 50),
    ]

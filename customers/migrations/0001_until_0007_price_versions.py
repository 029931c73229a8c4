"""All tables of customers as they stood after 0007_price_versions: a new database is made in one step and not in 7."""

import datetime
from decimal import Decimal

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from oms.schema import AtOnce


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("customers", "0001_tables"),
        ("customers", "0002_tables"),
        ("customers", "0003_export_permissions"),
        ("customers", "0004_allocation"),
        ("customers", "0005_search_indexes"),
        ("customers", "0006_parties"),
        ("customers", "0007_price_versions"),
    ]
    dependencies = [
        ("inventory", "0017_search_indexes"),
        ("oms", "0005_price_versions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        AtOnce(
            steps=[
                migrations.CreateModel(
                    name="CustomerGroup",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                    ],
                    options={
                        "verbose_name": "customer group",
                        "verbose_name_plural": "customer groups",
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="PaymentTerms",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        ("days", models.PositiveSmallIntegerField(verbose_name="days")),
                    ],
                    options={
                        "verbose_name": "payment terms",
                        "verbose_name_plural": "payment terms",
                        "ordering": ["days"],
                    },
                ),
                migrations.CreateModel(
                    name="SalesChannel",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                    ],
                    options={
                        "verbose_name": "sales channel",
                        "verbose_name_plural": "sales channels",
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="Customer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        (
                            "status",
                            models.CharField(
                                choices=[("active", "active"), ("blocked", "blocked")],
                                default="active",
                                max_length=20,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "parent_since",
                            models.DateTimeField(
                                editable=False, null=True, verbose_name="belongs there since"
                            ),
                        ),
                        (
                            "vat_number",
                            models.CharField(blank=True, max_length=20, verbose_name="VAT number"),
                        ),
                        (
                            "email",
                            models.EmailField(
                                blank=True,
                                help_text="order and shipping news go here",
                                max_length=254,
                                verbose_name="e-mail",
                            ),
                        ),
                        ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                        (
                            "po_required",
                            models.BooleanField(default=False, verbose_name="PO number required"),
                        ),
                        (
                            "note",
                            models.CharField(
                                blank=True,
                                help_text="shown wherever an order is entered",
                                max_length=500,
                                verbose_name="note",
                            ),
                        ),
                        (
                            "contract_class",
                            models.PositiveSmallIntegerField(
                                db_default=5,
                                default=5,
                                help_text="1 to 9; when stock is scarce 1 is served before 9",
                                verbose_name="contract class",
                            ),
                        ),
                        (
                            "contract_minimum_percent",
                            models.PositiveSmallIntegerField(
                                db_default=0,
                                default=0,
                                help_text="of what they order, before a scarce product is shared",
                                verbose_name="guaranteed percent",
                            ),
                        ),
                        (
                            "currency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="oms.currency",
                                verbose_name="currency",
                            ),
                        ),
                        (
                            "merged_into",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged",
                                to="customers.customer",
                                verbose_name="merged into",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="customers.customer",
                                verbose_name="parent",
                            ),
                        ),
                        (
                            "rep",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="customers",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="sales rep",
                            ),
                        ),
                        (
                            "warehouse",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.warehouse",
                                verbose_name="usual warehouse",
                            ),
                        ),
                        (
                            "buying_group",
                            models.ForeignKey(
                                blank=True,
                                help_text="buys at the prices of this group before those of its own one",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="buyers",
                                to="customers.customergroup",
                                verbose_name="buying group",
                            ),
                        ),
                        (
                            "group",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="customers.customergroup",
                                verbose_name="group",
                            ),
                        ),
                        (
                            "payment_terms",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="customers.paymentterms",
                                verbose_name="payment terms",
                            ),
                        ),
                        (
                            "channel",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="customers.saleschannel",
                                verbose_name="sales channel",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "customer",
                        "verbose_name_plural": "customers",
                        "ordering": ["name"],
                        "permissions": [
                            ("view_all_customers", "Can see every customer"),
                            ("view_team_customers", "Can see the customers of the own teams"),
                            ("export_customers", "Can export customers"),
                            ("hand_over_customers", "Can hand a rep's customers over to another"),
                            ("merge_customers", "Can merge a customer with its duplicate"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Address",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(default="MAIN", max_length=40, verbose_name="code")),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        ("street", models.CharField(max_length=200, verbose_name="street")),
                        (
                            "postal_code",
                            models.CharField(blank=True, max_length=20, verbose_name="postal code"),
                        ),
                        ("city", models.CharField(max_length=80, verbose_name="city")),
                        ("region", models.CharField(blank=True, max_length=80, verbose_name="region")),
                        (
                            "country",
                            models.CharField(
                                max_length=2,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[A-Z]{2}$",
                                        "A country is two capital letters (ISO 3166), such as DE.",
                                    )
                                ],
                                verbose_name="country",
                            ),
                        ),
                        ("is_bill_to", models.BooleanField(default=True, verbose_name="gets bills")),
                        ("is_ship_to", models.BooleanField(default=True, verbose_name="gets goods")),
                        (
                            "came_from",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.customer",
                                verbose_name="came from",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="addresses",
                                to="customers.customer",
                                verbose_name="customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "address",
                        "verbose_name_plural": "addresses",
                        "ordering": ["customer", "code"],
                    },
                ),
                migrations.CreateModel(
                    name="CustomerEvent",
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
                                choices=[("handed_over", "handed over"), ("merged", "merged")],
                                max_length=20,
                                verbose_name="what",
                            ),
                        ),
                        ("detail", models.CharField(max_length=1000, verbose_name="detail")),
                        (
                            "at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                editable=False,
                                verbose_name="at",
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
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="customers.customer",
                                verbose_name="customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "event of a customer",
                        "verbose_name_plural": "events of customers",
                        "ordering": ["customer", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="CustomerPartNumber",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=60, verbose_name="their number")),
                        (
                            "key",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.functions.text.Upper("number"),
                                output_field=models.CharField(max_length=60),
                            ),
                        ),
                        (
                            "learned",
                            models.BooleanField(default=False, verbose_name="learned while entering"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                editable=False,
                                verbose_name="since",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="part_numbers",
                                to="customers.customer",
                                verbose_name="customer",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.productunit",
                                verbose_name="unit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "customer part number",
                        "verbose_name_plural": "customer part numbers",
                        "ordering": ["customer", "number"],
                    },
                ),
                migrations.CreateModel(
                    name="PriceList",
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
                            "best_of",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                help_text="applies wherever it is cheaper, also than prices of a nearer list",
                                verbose_name="best price",
                            ),
                        ),
                        (
                            "floor_margin_percent",
                            models.DecimalField(
                                blank=True,
                                decimal_places=4,
                                help_text="whoever goes below the cost and so many percent asks for approval",
                                max_digits=7,
                                null=True,
                                verbose_name="floor above cost, in percent",
                            ),
                        ),
                        (
                            "needs_approval",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                help_text="prices change only by a version that somebody else has approved",
                                verbose_name="needs a second person",
                            ),
                        ),
                        (
                            "based_on",
                            models.ForeignKey(
                                blank=True,
                                help_text="empty: the list for everyone",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.pricelist",
                                verbose_name="percentages are taken off",
                            ),
                        ),
                        (
                            "currency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="oms.currency",
                                verbose_name="currency",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "price list",
                        "verbose_name_plural": "price lists",
                        "ordering": ["code"],
                    },
                ),
                migrations.CreateModel(
                    name="PriceListVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="number")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "draft"),
                                    ("proposed", "proposed"),
                                    ("approved", "approved"),
                                    ("in_force", "in force"),
                                    ("withdrawn", "withdrawn"),
                                    ("dropped", "dropped"),
                                ],
                                default="draft",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("in_force_from", models.DateField(null=True, verbose_name="in force from")),
                        ("in_force_to", models.DateField(null=True, verbose_name="in force until before")),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="created at"
                            ),
                        ),
                        (
                            "approved_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="approved by",
                            ),
                        ),
                        (
                            "price_list",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="customers.pricelist",
                                verbose_name="price list",
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="proposed by",
                            ),
                        ),
                        (
                            "put_in_force_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="put in force by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "version of a price list",
                        "verbose_name_plural": "versions of price lists",
                        "ordering": ["price_list", "-number"],
                        "permissions": [("approve_prices", "Can approve versions of price lists")],
                    },
                ),
                migrations.CreateModel(
                    name="PriceRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "min_quantity",
                            models.BigIntegerField(
                                default=1, help_text="in base units", verbose_name="from quantity"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("fixed", "fixed price"),
                                    ("percent_off", "percent off another list"),
                                    ("cost_plus", "cost plus percent"),
                                ],
                                db_default="fixed",
                                default="fixed",
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "price",
                            models.DecimalField(
                                db_default=Decimal("0"),
                                decimal_places=6,
                                default=Decimal("0"),
                                max_digits=18,
                                verbose_name="price per unit",
                            ),
                        ),
                        (
                            "percent",
                            models.DecimalField(
                                blank=True,
                                decimal_places=4,
                                help_text="taken off the price or added to the cost",
                                max_digits=7,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(999),
                                ],
                                verbose_name="percent",
                            ),
                        ),
                        (
                            "free_of_charge",
                            models.BooleanField(
                                db_default=False, default=False, verbose_name="free of charge"
                            ),
                        ),
                        (
                            "floor",
                            models.DecimalField(
                                blank=True,
                                decimal_places=6,
                                help_text="whoever goes below it asks for approval",
                                max_digits=18,
                                null=True,
                                verbose_name="floor per unit",
                            ),
                        ),
                        (
                            "basis",
                            models.CharField(
                                choices=[
                                    ("line", "of the line"),
                                    ("product", "of the product in the whole order"),
                                    ("mix", "of all products of the mix group in the order"),
                                ],
                                db_default="line",
                                default="line",
                                max_length=10,
                                verbose_name="the quantity is that",
                            ),
                        ),
                        (
                            "mix_group",
                            models.CharField(
                                blank=True, db_default="", default="", max_length=40, verbose_name="mix group"
                            ),
                        ),
                        (
                            "incremental",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                help_text="each part of the quantity costs what its own break says, not all of it the last one",
                                verbose_name="only for what lies above",
                            ),
                        ),
                        (
                            "priority",
                            models.PositiveSmallIntegerField(
                                db_default=5,
                                default=5,
                                help_text="1 to 9; among rules that reach equally far, 1 wins",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(9),
                                ],
                                verbose_name="priority",
                            ),
                        ),
                        (
                            "valid_from",
                            models.DateField(default=datetime.date(2000, 1, 1), verbose_name="valid from"),
                        ),
                        (
                            "valid_to",
                            models.DateField(blank=True, null=True, verbose_name="valid until before"),
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
                            "product",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prices",
                                to="inventory.product",
                                verbose_name="product",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.productunit",
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rules",
                                to="customers.pricelistversion",
                                verbose_name="version",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "price rule",
                        "verbose_name_plural": "price rules",
                        "ordering": ["version", "product", "unit", "min_quantity", "valid_from"],
                        "permissions": [("export_prices", "Can export prices")],
                    },
                ),
                migrations.CreateModel(
                    name="PriceListAssignment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="price_lists",
                                to="customers.customer",
                                verbose_name="customer",
                            ),
                        ),
                        (
                            "group",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                to="customers.customergroup",
                                verbose_name="group",
                            ),
                        ),
                        (
                            "price_list",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="assignments",
                                to="customers.pricelist",
                                verbose_name="price list",
                            ),
                        ),
                        (
                            "ship_to",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                to="customers.address",
                                verbose_name="ship-to address",
                            ),
                        ),
                        (
                            "channel",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                to="customers.saleschannel",
                                verbose_name="sales channel",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "assignment of a price list",
                        "verbose_name_plural": "assignments of price lists",
                        "ordering": ["price_list", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="SalesTeam",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                        (
                            "members",
                            models.ManyToManyField(
                                blank=True,
                                related_name="sales_teams",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="people",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "sales team",
                        "verbose_name_plural": "sales teams",
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="Contact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("buyer", "buyer"),
                                    ("approver", "approver"),
                                    ("payable", "accounts payable"),
                                ],
                                default="buyer",
                                max_length=20,
                                verbose_name="role",
                            ),
                        ),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                        ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="contacts",
                                to="customers.customer",
                                verbose_name="customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "contact",
                        "verbose_name_plural": "contacts",
                        "ordering": ["name"],
                        "indexes": [
                            models.Index(
                                django.contrib.postgres.indexes.OpClass(
                                    django.db.models.functions.text.Upper("email"), "text_pattern_ops"
                                ),
                                condition=models.Q(("email", ""), _negated=True),
                                name="contact_email_any_case",
                            ),
                            django.contrib.postgres.indexes.GinIndex(
                                django.contrib.postgres.search.SearchVector("name", config="simple"),
                                name="contact_name_words",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("customer", "name", "role"), name="one_contact_per_name_and_role"
                            )
                        ],
                    },
                ),
            ],
        ),
        AtOnce(
            steps=[
                migrations.AddField(
                    model_name="customer",
                    name="team",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="customers.salesteam",
                        verbose_name="team",
                    ),
                )
            ],
        ),
        AtOnce(
            steps=[
                migrations.AddConstraint(
                    model_name="address",
                    constraint=models.UniqueConstraint(
                        fields=("customer", "code"), name="one_address_per_code_and_customer"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="address",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("country__regex", "^[A-Z]{2}$")), name="country_is_two_letters"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="customerpartnumber",
                    constraint=models.UniqueConstraint(
                        fields=("customer", "key"), name="one_meaning_per_part_number"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pricelist",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("based_on", models.F("id")), _negated=True),
                        name="price_list_is_not_based_on_itself",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pricelistversion",
                    constraint=models.UniqueConstraint(
                        fields=("price_list", "number"), name="versions_count_per_price_list"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pricelistversion",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("status__in", ["draft", "proposed", "approved"])),
                        fields=("price_list",),
                        name="one_version_of_a_list_is_being_made",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pricelistversion",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "in_force"), _negated=True),
                            ("in_force_from__isnull", False),
                            _connector="OR",
                        ),
                        name="version_in_force_has_a_first_day",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pricelistversion",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("in_force_to", None),
                            ("in_force_to__gte", models.F("in_force_from")),
                            _connector="OR",
                        ),
                        name="version_ends_after_it_began",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pricelistversion",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_approves_prices_they_proposed",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pricelistversion",
                    constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("status", "in_force")),
                        expressions=[
                            (
                                models.Func(
                                    models.F("price_list_id"),
                                    models.F("price_list_id"),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    "in_force_from",
                                    "in_force_to",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="one_version_in_force_per_day",
                    ),
                ),
                migrations.AddIndex(
                    model_name="pricerule",
                    index=models.Index(fields=["product", "version"], name="price_rules_of_a_product"),
                ),
                migrations.AddIndex(
                    model_name="pricerule",
                    index=models.Index(
                        condition=models.Q(("product", None)),
                        fields=["version", "category"],
                        name="price_rules_of_many",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pricerule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("price__gte", 0)), name="price_is_never_negative"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pricerule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("price__gt", 0),
                            ("free_of_charge", True),
                            models.Q(("kind", "fixed"), _negated=True),
                            _connector="OR",
                        ),
                        name="what_costs_nothing_says_so",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pricerule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "fixed"), ("percent", None)),
                            models.Q(
                                ("kind", "percent_off"),
                                ("percent__gt", 0),
                                ("percent__lt", 100),
                                ("price", 0),
                                ("unit", None),
                            ),
                            models.Q(
                                ("kind", "cost_plus"), ("percent__gte", 0), ("price", 0), ("unit", None)
                            ),
                            _connector="OR",
                        ),
                        name="price_is_of_its_kind",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pricerule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("product", None), ("category", None), _connector="OR"),
                        name="price_is_for_a_product_or_a_category",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pricerule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("unit", None), ("product__isnull", False), _connector="OR"),
                        name="unit_of_a_price_needs_its_product",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pricerule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("basis", "mix"), ("mix_group__gt", "")),
                            models.Q(models.Q(("basis", "mix"), _negated=True), ("mix_group", "")),
                            _connector="OR",
                        ),
                        name="mix_group_is_named_where_it_counts",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pricerule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("floor", None), models.Q(("floor__gte", 0), ("kind", "fixed")), _connector="OR"
                        ),
                        name="floor_is_of_a_fixed_price",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pricerule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("priority__gte", 1), ("priority__lte", 9)),
                        name="price_priority_is_one_to_nine",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pricerule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("min_quantity__gte", 1)), name="break_starts_at_one_or_more"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pricerule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="price_is_valid_for_a_while",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pricerule",
                    constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.F("version_id"),
                                    models.F("version_id"),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    django.db.models.functions.comparison.Coalesce(
                                        models.F("product_id"), models.Value(0)
                                    ),
                                    django.db.models.functions.comparison.Coalesce(
                                        models.F("product_id"), models.Value(0)
                                    ),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    django.db.models.functions.comparison.Coalesce(
                                        models.F("category_id"), models.Value(0)
                                    ),
                                    django.db.models.functions.comparison.Coalesce(
                                        models.F("category_id"), models.Value(0)
                                    ),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    django.db.models.functions.comparison.Coalesce(
                                        models.F("unit_id"), models.Value(0)
                                    ),
                                    django.db.models.functions.comparison.Coalesce(
                                        models.F("unit_id"), models.Value(0)
                                    ),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    models.F("min_quantity"),
                                    models.F("min_quantity"),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    models.F("priority"),
                                    models.F("priority"),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    "valid_from",
                                    "valid_to",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="one_price_per_break_and_day",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pricelistassignment",
                    constraint=models.UniqueConstraint(
                        fields=("price_list", "customer", "group", "ship_to", "channel"),
                        name="one_assignment_per_party",
                        nulls_distinct=False,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="pricelistassignment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("channel", None), ("group", None), ("ship_to", None)),
                            models.Q(("channel", None), ("customer", None), ("ship_to", None)),
                            models.Q(("channel", None), ("customer", None), ("group", None)),
                            models.Q(("customer", None), ("group", None), ("ship_to", None)),
                            _connector="OR",
                        ),
                        name="assignment_names_one_party_at_most",
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("code"), "text_pattern_ops"
                        ),
                        name="customer_code_any_case",
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("name"), "text_pattern_ops"
                        ),
                        name="customer_name_any_case",
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector("name", config="simple"),
                        name="customer_name_words",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="customer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("parent", models.F("id")), _negated=True),
                        name="customer_is_not_its_own_parent",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="customer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into", None),
                            models.Q(
                                models.Q(("merged_into", models.F("id")), _negated=True),
                                ("status", "blocked"),
                            ),
                            _connector="OR",
                        ),
                        name="merged_customer_is_blocked",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="customer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("contract_class__gte", 1), ("contract_class__lte", 9)),
                        name="contract_class_is_one_to_nine",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="customer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("contract_minimum_percent__gte", 0), ("contract_minimum_percent__lte", 100)
                        ),
                        name="contract_guarantees_a_percentage",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="customer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("minimum_percent__gte", 0), ("minimum_percent__lte", 100)),
                        name="customer_ships_from_a_percentage",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="customer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("minimum_value__gte", 0)), name="customer_ships_from_a_value"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="customer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("most_shipments", None), ("most_shipments__gte", 1), _connector="OR"
                        ),
                        name="customer_ships_at_least_once",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="customerevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="67bbcdaa8b0ad9058ebdd1abf75818e71639ffeb",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_92226",
                            table="customers_customerevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="pricerule",
                    trigger=pgtrigger.compiler.Trigger(
                        name="prices_change_where_they_may",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    PERFORM FROM customers_pricelistversion v JOIN customers_pricelist l ON l.id = v.price_list_id\n    WHERE v.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.version_id ELSE NEW.version_id END\n      AND (v.status = 'draft' OR (v.status = 'in_force' AND v.in_force_to IS NULL AND NOT l.needs_approval))\n    FOR SHARE OF v;\n    IF NOT FOUND THEN\n        RAISE EXCEPTION 'prices of this version do not change any more' USING ERRCODE = 'check_violation';\n    END IF;\n    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n    RETURN NEW;\n",
                            hash="44565ad5a489386dcaa1bdf00224a13dd45a1e57",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_prices_change_where_they_may_10db4",
                            table="customers_pricerule",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="customer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_above_itself",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.parent_id IS NOT NULL)",
                            func="\n    IF TG_OP = 'UPDATE' AND NEW.parent_id IS NOT DISTINCT FROM OLD.parent_id THEN\n        RETURN NULL;\n    END IF;\n    PERFORM pg_advisory_xact_lock(7301, 1);\n    IF EXISTS (\n        WITH RECURSIVE up(id) AS (\n            SELECT parent_id FROM customers_customer WHERE id = NEW.id\n            UNION SELECT c.parent_id FROM up JOIN customers_customer c ON c.id = up.id WHERE c.parent_id IS NOT NULL)\n        SELECT FROM up WHERE id = NEW.id)\n    THEN\n        RAISE EXCEPTION 'company % would stand above itself', NEW.code USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NULL;\n",
                            hash="0c4797765eb094caa4749e469cb6a84e14e5941f",
                            operation='INSERT OR UPDATE OF "parent_id"',
                            pgid="pgtrigger_never_above_itself_35cf1",
                            table="customers_customer",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="customer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_since_when_it_stands_there",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.parent_id IS DISTINCT FROM OLD.parent_id)",
                            func="NEW.parent_since := clock_timestamp(); RETURN NEW;",
                            hash="9fd946caa637e8ce3aeeb698be86d0e39380e7a8",
                            operation='UPDATE OF "parent_id"',
                            pgid="pgtrigger_keep_since_when_it_stands_there_17fd5",
                            table="customers_customer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="customer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_the_merged_in_the_same_hands",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.merged_into_id IS NULL AND (NEW.rep_id, NEW.team_id) IS DISTINCT FROM (OLD.rep_id, OLD.team_id))",
                            func="UPDATE customers_customer SET rep_id = NEW.rep_id, team_id = NEW.team_id WHERE merged_into_id = NEW.id; RETURN NULL;",
                            hash="bf047e573e64ae210d171ee1b354822208b20f12",
                            operation='UPDATE OF "rep_id", "team_id"',
                            pgid="pgtrigger_keep_the_merged_in_the_same_hands_095f9",
                            table="customers_customer",
                            when="AFTER",
                        ),
                    ),
                ),
            ],
        ),
    ]

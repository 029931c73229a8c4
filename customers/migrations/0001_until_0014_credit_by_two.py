"""All tables of customers as they stood after 0014_credit_by_two: a new database is made in one step and not in 14."""

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

import oms.numbering
from oms.numbering import create_sequence
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
        ("customers", "0008_sorted_lists"),
        ("customers", "0009_agreements"),
        ("customers", "0010_taxes"),
        ("customers", "0011_agreed_by_value"),
        ("customers", "0012_credit"),
        ("customers", "0013_restricted_sales"),
        ("customers", "0014_credit_by_two"),
    ]
    dependencies = [
        ("inventory", "0020_held_for_quotes"),
        ("oms", "0008_notices"),
    ]
    operations = [
        create_sequence("customers_agreement_number"),
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
                    name="Agreement",
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
                                    models.Value("AG-"),
                                    django.db.models.functions.comparison.Cast(
                                        oms.numbering.NextValue(models.Value("customers_agreement_number")),
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
                                    ("proposed", "proposed"),
                                    ("in_force", "in force"),
                                    ("ended", "ended early"),
                                    ("dropped", "dropped"),
                                ],
                                default="draft",
                                editable=False,
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                blank=True,
                                help_text="or the customer's own number",
                                max_length=120,
                                verbose_name="name",
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="valid from")),
                        ("valid_to", models.DateField(verbose_name="valid until before")),
                        (
                            "remind_on",
                            models.DateField(blank=True, null=True, verbose_name="remind of renewal on"),
                        ),
                        (
                            "needs_approval",
                            models.BooleanField(
                                db_default=True,
                                default=True,
                                help_text="who proposed it does not put it in force",
                                verbose_name="needs a second person",
                            ),
                        ),
                        (
                            "reminded_at",
                            models.DateTimeField(editable=False, null=True, verbose_name="reminded at"),
                        ),
                        (
                            "next_try_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, editable=False, verbose_name="next try at"
                            ),
                        ),
                        (
                            "approved_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="approved by",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                to="oms.currency",
                                verbose_name="currency",
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="proposed by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "agreement",
                        "verbose_name_plural": "agreements",
                        "ordering": ["-pk"],
                        "permissions": [("approve_agreement", "Can put agreements of others in force")],
                    },
                ),
                migrations.CreateModel(
                    name="AgreementLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "price",
                            models.DecimalField(
                                db_default=0,
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
                                help_text="off the price for everyone, instead of a price",
                                max_digits=7,
                                null=True,
                                verbose_name="% off",
                            ),
                        ),
                        (
                            "committed",
                            models.BigIntegerField(
                                db_default=0,
                                default=0,
                                help_text="in base units; 0 where nothing is",
                                verbose_name="committed",
                            ),
                        ),
                        (
                            "maximum",
                            models.BigIntegerField(
                                blank=True,
                                help_text="in base units; empty where it does not run out",
                                null=True,
                                verbose_name="at most",
                            ),
                        ),
                        (
                            "drawn",
                            models.BigIntegerField(
                                db_default=0, default=0, editable=False, verbose_name="drawn"
                            ),
                        ),
                        (
                            "committed_value",
                            models.DecimalField(
                                db_default=0,
                                decimal_places=4,
                                default=Decimal("0"),
                                help_text="in the agreement's currency; 0 where nothing is",
                                max_digits=18,
                                verbose_name="committed value",
                            ),
                        ),
                        (
                            "maximum_value",
                            models.DecimalField(
                                blank=True,
                                decimal_places=4,
                                help_text="in the agreement's currency; empty where it does not run out",
                                max_digits=18,
                                null=True,
                                verbose_name="value at most",
                            ),
                        ),
                        (
                            "drawn_value",
                            models.DecimalField(
                                db_default=0,
                                decimal_places=4,
                                default=Decimal("0"),
                                editable=False,
                                max_digits=18,
                                verbose_name="drawn value",
                            ),
                        ),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="customers.agreement",
                                verbose_name="agreement",
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
                            "product",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.product",
                                verbose_name="product",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.productunit",
                                verbose_name="unit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "line of an agreement",
                        "verbose_name_plural": "lines of agreements",
                        "ordering": ["agreement", "product__sku", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="CreditAccount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "credit_limit",
                            models.DecimalField(
                                blank=True,
                                decimal_places=4,
                                help_text="empty: without limit; 0: no credit at all",
                                max_digits=18,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="limit",
                            ),
                        ),
                        (
                            "tolerance_percent",
                            models.DecimalField(
                                decimal_places=2,
                                help_text="by so much the limit may be passed",
                                max_digits=5,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="tolerance %",
                            ),
                        ),
                        (
                            "horizon_days",
                            models.PositiveSmallIntegerField(
                                help_text="what is confirmed and leaves later does not count yet",
                                null=True,
                                validators=[django.core.validators.MaxValueValidator(730)],
                                verbose_name="horizon in days",
                            ),
                        ),
                        (
                            "overdue_amount",
                            models.DecimalField(
                                decimal_places=4,
                                help_text="an order waits when more is overdue …",
                                max_digits=18,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="overdue above",
                            ),
                        ),
                        (
                            "overdue_days",
                            models.PositiveSmallIntegerField(
                                help_text="… for more than so many days; both together",
                                null=True,
                                verbose_name="overdue for days",
                            ),
                        ),
                        (
                            "insured_limit",
                            models.DecimalField(
                                blank=True,
                                decimal_places=4,
                                help_text="empty: nobody insures it; else the lower of the two limits counts",
                                max_digits=18,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="insured up to",
                            ),
                        ),
                        (
                            "insured_until",
                            models.DateField(
                                blank=True,
                                help_text="the last day; afterwards nothing is insured",
                                null=True,
                                verbose_name="insured until",
                            ),
                        ),
                        ("as_of", models.DateField(verbose_name="as of the end of")),
                        (
                            "receivables",
                            models.DecimalField(
                                decimal_places=4, default=0, max_digits=18, verbose_name="open receivables"
                            ),
                        ),
                        (
                            "unapplied",
                            models.DecimalField(
                                decimal_places=4,
                                default=0,
                                max_digits=18,
                                verbose_name="unapplied credits and payments",
                            ),
                        ),
                        (
                            "deposits",
                            models.DecimalField(
                                decimal_places=4, default=0, max_digits=18, verbose_name="deposits"
                            ),
                        ),
                        (
                            "overdue",
                            models.DecimalField(
                                decimal_places=4,
                                default=0,
                                help_text="of the receivables",
                                max_digits=18,
                                verbose_name="overdue",
                            ),
                        ),
                        (
                            "overdue_since",
                            models.DateField(
                                blank=True,
                                help_text="the day the oldest of it was due",
                                null=True,
                                verbose_name="overdue since",
                            ),
                        ),
                        ("told_at", models.DateTimeField(editable=False, null=True, verbose_name="told at")),
                        (
                            "currency",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="oms.currency",
                                verbose_name="currency",
                            ),
                        ),
                        (
                            "told_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="told by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "credit account",
                        "verbose_name_plural": "credit accounts",
                        "ordering": ["customer__name"],
                        "permissions": [("tell_credit", "Can tell what accounting knows of credit")],
                    },
                ),
                migrations.CreateModel(
                    name="CreditProposal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "credit_limit",
                            models.DecimalField(
                                blank=True,
                                decimal_places=4,
                                help_text="empty: without limit; 0: no credit at all",
                                max_digits=18,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="limit",
                            ),
                        ),
                        (
                            "tolerance_percent",
                            models.DecimalField(
                                decimal_places=2,
                                help_text="by so much the limit may be passed",
                                max_digits=5,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="tolerance %",
                            ),
                        ),
                        (
                            "horizon_days",
                            models.PositiveSmallIntegerField(
                                help_text="what is confirmed and leaves later does not count yet",
                                null=True,
                                validators=[django.core.validators.MaxValueValidator(730)],
                                verbose_name="horizon in days",
                            ),
                        ),
                        (
                            "overdue_amount",
                            models.DecimalField(
                                decimal_places=4,
                                help_text="an order waits when more is overdue …",
                                max_digits=18,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="overdue above",
                            ),
                        ),
                        (
                            "overdue_days",
                            models.PositiveSmallIntegerField(
                                help_text="… for more than so many days; both together",
                                null=True,
                                verbose_name="overdue for days",
                            ),
                        ),
                        (
                            "insured_limit",
                            models.DecimalField(
                                blank=True,
                                decimal_places=4,
                                help_text="empty: nobody insures it; else the lower of the two limits counts",
                                max_digits=18,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="insured up to",
                            ),
                        ),
                        (
                            "insured_until",
                            models.DateField(
                                blank=True,
                                help_text="the last day; afterwards nothing is insured",
                                null=True,
                                verbose_name="insured until",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("waiting", "waits for somebody else"),
                                    ("in_force", "put in force"),
                                    ("turned_down", "turned down"),
                                ],
                                default="waiting",
                                max_length=12,
                                verbose_name="status",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="why")),
                        (
                            "proposed_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                editable=False,
                                verbose_name="asked at",
                            ),
                        ),
                        (
                            "decided_at",
                            models.DateTimeField(editable=False, null=True, verbose_name="decided at"),
                        ),
                        (
                            "decision_note",
                            models.CharField(blank=True, max_length=200, verbose_name="decision"),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposals",
                                to="customers.creditaccount",
                                verbose_name="account",
                            ),
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
                            "proposed_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="asked for by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "proposal of credit",
                        "verbose_name_plural": "proposals of credit",
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="CreditChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "credit_limit",
                            models.DecimalField(
                                blank=True,
                                decimal_places=4,
                                help_text="empty: without limit; 0: no credit at all",
                                max_digits=18,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="limit",
                            ),
                        ),
                        (
                            "tolerance_percent",
                            models.DecimalField(
                                decimal_places=2,
                                help_text="by so much the limit may be passed",
                                max_digits=5,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="tolerance %",
                            ),
                        ),
                        (
                            "horizon_days",
                            models.PositiveSmallIntegerField(
                                help_text="what is confirmed and leaves later does not count yet",
                                null=True,
                                validators=[django.core.validators.MaxValueValidator(730)],
                                verbose_name="horizon in days",
                            ),
                        ),
                        (
                            "overdue_amount",
                            models.DecimalField(
                                decimal_places=4,
                                help_text="an order waits when more is overdue …",
                                max_digits=18,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="overdue above",
                            ),
                        ),
                        (
                            "overdue_days",
                            models.PositiveSmallIntegerField(
                                help_text="… for more than so many days; both together",
                                null=True,
                                verbose_name="overdue for days",
                            ),
                        ),
                        (
                            "insured_limit",
                            models.DecimalField(
                                blank=True,
                                decimal_places=4,
                                help_text="empty: nobody insures it; else the lower of the two limits counts",
                                max_digits=18,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="insured up to",
                            ),
                        ),
                        (
                            "insured_until",
                            models.DateField(
                                blank=True,
                                help_text="the last day; afterwards nothing is insured",
                                null=True,
                                verbose_name="insured until",
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
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="why")),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="changes",
                                to="customers.creditaccount",
                                verbose_name="account",
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
                            "proposal",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="change",
                                to="customers.creditproposal",
                                verbose_name="asked for by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "change of a credit limit",
                        "verbose_name_plural": "changes of credit limits",
                        "ordering": ["account", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="CreditTold",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("as_of", models.DateField(verbose_name="as of the end of")),
                        (
                            "receivables",
                            models.DecimalField(
                                decimal_places=4, default=0, max_digits=18, verbose_name="open receivables"
                            ),
                        ),
                        (
                            "unapplied",
                            models.DecimalField(
                                decimal_places=4,
                                default=0,
                                max_digits=18,
                                verbose_name="unapplied credits and payments",
                            ),
                        ),
                        (
                            "deposits",
                            models.DecimalField(
                                decimal_places=4, default=0, max_digits=18, verbose_name="deposits"
                            ),
                        ),
                        (
                            "overdue",
                            models.DecimalField(
                                decimal_places=4,
                                default=0,
                                help_text="of the receivables",
                                max_digits=18,
                                verbose_name="overdue",
                            ),
                        ),
                        (
                            "overdue_since",
                            models.DateField(
                                blank=True,
                                help_text="the day the oldest of it was due",
                                null=True,
                                verbose_name="overdue since",
                            ),
                        ),
                        (
                            "at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                editable=False,
                                verbose_name="told at",
                            ),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="told",
                                to="customers.creditaccount",
                                verbose_name="account",
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
                                verbose_name="told by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "what accounting told",
                        "verbose_name_plural": "what accounting told",
                        "ordering": ["account", "-pk"],
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
                            "credit_account",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="companies",
                                to="customers.creditaccount",
                                verbose_name="credit account",
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
                            "tax_zone",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                help_text="empty: by the country that the goods go to",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="oms.taxzone",
                                verbose_name="tax zone",
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
                    name="RestrictedSale",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "category",
                            models.ForeignKey(
                                blank=True,
                                help_text="with all categories below it",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="inventory.category",
                                verbose_name="category",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                blank=True,
                                help_text="with the companies below it; or a group, one of the two",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="restricted_sales",
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
                                related_name="+",
                                to="customers.customergroup",
                                verbose_name="customer group",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                blank=True,
                                help_text="or a category, one of the two",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="inventory.product",
                                verbose_name="product",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "restricted sale",
                        "verbose_name_plural": "restricted sales",
                        "ordering": [
                            models.OrderBy(models.F("product__sku"), nulls_last=True),
                            models.OrderBy(models.F("category__name"), nulls_last=True),
                            models.OrderBy(models.F("group__name"), nulls_last=True),
                            models.OrderBy(models.F("customer__name"), nulls_last=True),
                        ],
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
                    name="AgreementEvent",
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
                                to="customers.agreement",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "event of an agreement",
                        "verbose_name_plural": "events of agreements",
                        "ordering": ["document", "version"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("document", "version"), name="one_agreement_event_per_version"
                            )
                        ],
                    },
                ),
            ],
        ),
        AtOnce(
            steps=[
                migrations.AddField(
                    model_name="creditaccount",
                    name="customer",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="own_credit_account",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                migrations.AddField(
                    model_name="agreement",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
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
                ),
            ],
        ),
        AtOnce(
            steps=[
                pgtrigger.migrations.AddTrigger(
                    model_name="agreementevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="7e1d3ee800a6694b4300f1c2a0f21dba7782f5c0",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_e58f5",
                            table="customers_agreementevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="agreementline",
                    constraint=models.UniqueConstraint(
                        fields=("agreement", "product", "category"),
                        name="one_line_per_agreement_and_reach",
                        nulls_distinct=False,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="agreementline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("product", None), ("category", None), _connector="OR"),
                        name="agreed_for_a_product_or_a_category",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="agreementline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("percent", None), ("product__isnull", False), ("unit__isnull", False)),
                            models.Q(("percent__gt", 0), ("percent__lt", 100), ("price", 0), ("unit", None)),
                            _connector="OR",
                        ),
                        name="agreed_is_a_price_or_a_percentage",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="agreementline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("committed", 0), ("maximum", None)),
                            models.Q(
                                ("committed_value", 0), ("maximum_value", None), ("unit__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="agreed_by_quantity_or_by_value",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="agreementline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("price__gte", 0)), name="agreed_price_is_never_negative"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="agreementline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("committed__gte", 0), ("committed_value__gte", 0)),
                        name="commitment_is_never_negative",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="agreementline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("maximum", None),
                                models.Q(("maximum__gte", 1), ("maximum__gte", models.F("committed"))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("maximum_value", None),
                                models.Q(
                                    ("maximum_value__gt", 0),
                                    ("maximum_value__gte", models.F("committed_value")),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="agreed_maximum_covers_the_commitment",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="agreementline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("drawn__gte", 0),
                            models.Q(("maximum", None), ("drawn__lte", models.F("maximum")), _connector="OR"),
                            ("drawn_value__gte", 0),
                            models.Q(
                                ("maximum_value", None),
                                ("drawn_value__lte", models.F("maximum_value")),
                                _connector="OR",
                            ),
                        ),
                        name="never_draw_more_than_agreed",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="agreementline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="balance_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (NEW.drawn IS DISTINCT FROM OLD.drawn OR NEW.drawn_value IS DISTINCT FROM OLD.drawn_value))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="b45ce6d371c4551e057aff0cf56a2e842ea824ff",
                            operation="UPDATE",
                            pgid="pgtrigger_balance_update_8f5c6",
                            table="customers_agreementline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="agreementline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="balance_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (NEW.drawn <> 0 OR NEW.drawn_value <> 0))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="9c5facf3e1867013506e55fcfe0c0f7e3cbd8cf9",
                            operation="INSERT",
                            pgid="pgtrigger_balance_insert_1015a",
                            table="customers_agreementline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="agreementline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="balance_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (OLD.drawn <> 0 OR OLD.drawn_value <> 0))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="1d8387023d314566c2b5d4299ebd90dd777eaae7",
                            operation="DELETE",
                            pgid="pgtrigger_balance_delete_78e1d",
                            table="customers_agreementline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="agreementline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="lines_change_in_drafts",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0)",
                            func="\n    PERFORM FROM customers_agreement a\n    WHERE a.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.agreement_id ELSE NEW.agreement_id END AND a.status = 'draft'\n    FOR SHARE OF a;\n    IF NOT FOUND THEN\n        RAISE EXCEPTION 'lines of this agreement do not change any more' USING ERRCODE = 'check_violation';\n    END IF;\n    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n    RETURN NEW;\n",
                            hash="ae3858556713898aa1cb93f8213d54adf08109a8",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_lines_change_in_drafts_6b4fb",
                            table="customers_agreementline",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditproposal",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("credit_limit", None), ("credit_limit__gte", 0), _connector="OR"),
                            models.Q(("insured_limit", None), ("insured_limit__gte", 0), _connector="OR"),
                        ),
                        name="proposed_credit_limit_is_never_negative",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditproposal",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("tolerance_percent__gte", 0),
                            ("tolerance_percent__isnull", False),
                            ("tolerance_percent__lte", 100),
                        ),
                        name="proposed_credit_tolerance_is_a_percentage",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditproposal",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("horizon_days__isnull", False),
                            ("horizon_days__lte", 730),
                            ("overdue_amount__gte", 0),
                            ("overdue_amount__isnull", False),
                            ("overdue_days__isnull", False),
                        ),
                        name="proposed_credit_terms_are_told_whole",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditproposal",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("insured_until", None), ("insured_limit__isnull", False), _connector="OR"
                        ),
                        name="proposed_credit_is_insured_until_a_day_up_to_an_amount",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditproposal",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("status", "waiting")),
                        fields=("account",),
                        name="one_proposal_waits_per_credit_account",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditproposal",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "in_force"), _negated=True),
                            models.Q(
                                ("decided_by__isnull", False),
                                models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="nobody_puts_credit_in_force_they_asked_for",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditproposal",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("status", "waiting")),
                            models.Q(
                                models.Q(("status", "waiting"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="proposed_credit_is_decided_by_somebody",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="creditproposal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="moves_along_its_table",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.status <> NEW.status AND NOT ((OLD.status = 'waiting' AND NEW.status IN ('in_force', 'turned_down'))))",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.status, NEW.status USING ERRCODE = 'check_violation';",
                            hash="f0cc0e853fd64b7ec6686096440e7e2addda58b6",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_moves_along_its_table_5b8bc",
                            table="customers_creditproposal",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="creditproposal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="begins_at_its_start",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.status <> 'waiting')",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, 'nothing', NEW.status USING ERRCODE = 'check_violation';",
                            hash="8f83e4796c7068f3dc88dfae6f2d92b49e469632",
                            operation="INSERT",
                            pgid="pgtrigger_begins_at_its_start_38804",
                            table="customers_creditproposal",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="creditproposal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="what_was_asked_for_and_decided_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.status <> 'waiting' OR NEW.credit_limit IS DISTINCT FROM OLD.credit_limit OR NEW.tolerance_percent IS DISTINCT FROM OLD.tolerance_percent OR NEW.horizon_days IS DISTINCT FROM OLD.horizon_days OR NEW.overdue_amount IS DISTINCT FROM OLD.overdue_amount OR NEW.overdue_days IS DISTINCT FROM OLD.overdue_days OR NEW.insured_limit IS DISTINCT FROM OLD.insured_limit OR NEW.insured_until IS DISTINCT FROM OLD.insured_until OR NEW.account_id IS DISTINCT FROM OLD.account_id OR NEW.note IS DISTINCT FROM OLD.note OR NEW.proposed_by_id IS DISTINCT FROM OLD.proposed_by_id OR NEW.proposed_at IS DISTINCT FROM OLD.proposed_at)",
                            func="RAISE EXCEPTION 'proposal % of credit stays as it was asked for and decided', OLD.id USING ERRCODE = 'check_violation';",
                            hash="c186b36d5877afe8ba51628ff60673011e70c62d",
                            operation="UPDATE",
                            pgid="pgtrigger_what_was_asked_for_and_decided_stays_f1bef",
                            table="customers_creditproposal",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="creditproposal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="b9546e2284027e4fc516cf9e61ab58b80d491829",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_4051b",
                            table="customers_creditproposal",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditchange",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("credit_limit", None), ("credit_limit__gte", 0), _connector="OR"),
                            models.Q(("insured_limit", None), ("insured_limit__gte", 0), _connector="OR"),
                        ),
                        name="credit_limit_is_never_negative",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditchange",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("tolerance_percent__gte", 0),
                            ("tolerance_percent__isnull", False),
                            ("tolerance_percent__lte", 100),
                        ),
                        name="credit_tolerance_is_a_percentage",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditchange",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("horizon_days__isnull", False),
                            ("horizon_days__lte", 730),
                            ("overdue_amount__gte", 0),
                            ("overdue_amount__isnull", False),
                            ("overdue_days__isnull", False),
                        ),
                        name="credit_terms_are_told_whole",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditchange",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("insured_until", None), ("insured_limit__isnull", False), _connector="OR"
                        ),
                        name="credit_is_insured_until_a_day_up_to_an_amount",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="creditchange",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c921b84aa1c8d6def93d8fc3ffbbae40a84012ce",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_df0f7",
                            table="customers_creditchange",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="creditchange",
                    trigger=pgtrigger.compiler.Trigger(
                        name="two_people_ease_credit",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF NEW.by_id IS NOT NULL AND EXISTS (\n        SELECT FROM customers_creditaccount a WHERE a.id = NEW.account_id AND (\n    a.tolerance_percent IS NULL\n    OR coalesce(NEW.credit_limit, 'infinity') > coalesce(a.credit_limit, 'infinity')\n    OR coalesce(NEW.insured_limit, 'infinity') > coalesce(a.insured_limit, 'infinity')\n    OR a.insured_until IS NOT NULL AND NEW.insured_limit IS NOT NULL\n       AND coalesce(NEW.insured_until, 'infinity') > a.insured_until\n    OR NEW.tolerance_percent > a.tolerance_percent OR NEW.horizon_days < a.horizon_days\n    OR NEW.overdue_amount > a.overdue_amount OR NEW.overdue_days > a.overdue_days)\n    ) AND NOT EXISTS (\n        SELECT FROM customers_creditproposal p WHERE p.id = NEW.proposal_id AND p.account_id = NEW.account_id AND p.proposed_by_id <> NEW.by_id AND p.credit_limit IS NOT DISTINCT FROM NEW.credit_limit AND p.tolerance_percent IS NOT DISTINCT FROM NEW.tolerance_percent AND p.horizon_days IS NOT DISTINCT FROM NEW.horizon_days AND p.overdue_amount IS NOT DISTINCT FROM NEW.overdue_amount AND p.overdue_days IS NOT DISTINCT FROM NEW.overdue_days AND p.insured_limit IS NOT DISTINCT FROM NEW.insured_limit AND p.insured_until IS NOT DISTINCT FROM NEW.insured_until\n    ) THEN\n        RAISE EXCEPTION 'credit of account % is eased by two: one asks, another puts it in force', NEW.account_id\n        USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                            hash="f4d49fb143053b5ce481edc0297bb48ec9ab2f93",
                            operation="INSERT",
                            pgid="pgtrigger_two_people_ease_credit_13f5c",
                            table="customers_creditchange",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="creditchange",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_terms_of_the_account",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    UPDATE customers_creditaccount SET credit_limit = NEW.credit_limit, tolerance_percent = NEW.tolerance_percent, horizon_days = NEW.horizon_days, overdue_amount = NEW.overdue_amount, overdue_days = NEW.overdue_days, insured_limit = NEW.insured_limit, insured_until = NEW.insured_until\n    WHERE id = NEW.account_id;\n    RETURN NULL;\n",
                            hash="61f3175bd87e2d44e3eb6291dd88ca5a468e5f86",
                            operation="INSERT",
                            pgid="pgtrigger_keep_terms_of_the_account_0cfc7",
                            table="customers_creditchange",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="credittold",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="1ab05fef9f0b7255808ecc5349fec63f72c8de83",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_9ad82",
                            table="customers_credittold",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditaccount",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("deposits__gte", 0),
                            ("overdue__gte", 0),
                            ("receivables__gte", 0),
                            ("unapplied__gte", 0),
                        ),
                        name="credit_figures_are_never_negative",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditaccount",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("overdue__lte", models.F("receivables"))),
                        name="what_is_overdue_is_receivable",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditaccount",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("overdue", 0), ("overdue_since", None)),
                            models.Q(
                                ("overdue__gt", 0),
                                ("overdue_since__isnull", False),
                                ("overdue_since__lte", models.F("as_of")),
                            ),
                            _connector="OR",
                        ),
                        name="what_is_overdue_was_due_some_day",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="creditaccount",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_accounts_of_those_below",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.tolerance_percent IS NULL AND NEW.tolerance_percent IS NOT NULL)",
                            func="\n    PERFORM pg_advisory_xact_lock(7301, 1);\n    WITH RECURSIVE governed(id, account) AS (\n        SELECT c.id, coalesce(own.id, above.credit_account_id)\n        FROM customers_customer c LEFT JOIN customers_creditaccount own\n          ON own.customer_id = c.id AND own.tolerance_percent IS NOT NULL\n        LEFT JOIN customers_customer above ON above.id = c.parent_id\n        WHERE c.id = NEW.customer_id\n        UNION\n        SELECT c.id, coalesce(own.id, g.account)\n        FROM governed g JOIN customers_customer c ON c.parent_id = g.id\n        LEFT JOIN customers_creditaccount own ON own.customer_id = c.id AND own.tolerance_percent IS NOT NULL)\n    UPDATE customers_customer c SET credit_account_id = g.account FROM governed g\n    WHERE c.id = g.id AND c.credit_account_id IS DISTINCT FROM g.account;\n    RETURN NULL;\n",
                            hash="9fb6f4519a67ed115d74d5ff83254009c0ed96fa",
                            operation='UPDATE OF "tolerance_percent"',
                            pgid="pgtrigger_keep_accounts_of_those_below_89372",
                            table="customers_creditaccount",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="creditaccount",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_accounts_of_those_below_when_moved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    PERFORM pg_advisory_xact_lock(7301, 1);\n    WITH RECURSIVE governed(id, account) AS (\n        SELECT c.id, coalesce(own.id, above.credit_account_id)\n        FROM customers_customer c LEFT JOIN customers_creditaccount own\n          ON own.customer_id = c.id AND own.tolerance_percent IS NOT NULL\n        LEFT JOIN customers_customer above ON above.id = c.parent_id\n        WHERE c.id IN (OLD.customer_id, NEW.customer_id)\n        UNION\n        SELECT c.id, coalesce(own.id, g.account)\n        FROM governed g JOIN customers_customer c ON c.parent_id = g.id\n        LEFT JOIN customers_creditaccount own ON own.customer_id = c.id AND own.tolerance_percent IS NOT NULL)\n    UPDATE customers_customer c SET credit_account_id = g.account FROM governed g\n    WHERE c.id = g.id AND c.credit_account_id IS DISTINCT FROM g.account;\n    RETURN NULL;\n",
                            hash="8db378152014e9b6ba988db86127c20176e8aebd",
                            operation='UPDATE OF "customer_id"',
                            pgid="pgtrigger_keep_accounts_of_those_below_when_moved_c5b23",
                            table="customers_creditaccount",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="creditaccount",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_what_was_told_first",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    INSERT INTO customers_credittold (account_id, by_id, as_of, receivables, unapplied, deposits, overdue, overdue_since)\n    VALUES (NEW.id, NEW.told_by_id, NEW.as_of, NEW.receivables, NEW.unapplied, NEW.deposits, NEW.overdue, NEW.overdue_since);\n    RETURN NULL;\n",
                            hash="cf027a66404b484a036a386cb4b49e21c469c7c7",
                            operation="INSERT",
                            pgid="pgtrigger_keep_what_was_told_first_d43e3",
                            table="customers_creditaccount",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="creditaccount",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_what_was_told",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.as_of IS DISTINCT FROM OLD.as_of OR NEW.receivables IS DISTINCT FROM OLD.receivables OR NEW.unapplied IS DISTINCT FROM OLD.unapplied OR NEW.deposits IS DISTINCT FROM OLD.deposits OR NEW.overdue IS DISTINCT FROM OLD.overdue OR NEW.overdue_since IS DISTINCT FROM OLD.overdue_since OR NEW.told_at IS DISTINCT FROM OLD.told_at)",
                            func="\n    INSERT INTO customers_credittold (account_id, by_id, as_of, receivables, unapplied, deposits, overdue, overdue_since)\n    VALUES (NEW.id, NEW.told_by_id, NEW.as_of, NEW.receivables, NEW.unapplied, NEW.deposits, NEW.overdue, NEW.overdue_since);\n    RETURN NULL;\n",
                            hash="de03268bdbb55e784b4071d7d3f27b0cd4af66cd",
                            operation="UPDATE",
                            pgid="pgtrigger_keep_what_was_told_57d87",
                            table="customers_creditaccount",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="creditaccount",
                    trigger=pgtrigger.compiler.Trigger(
                        name="terms_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (NEW.credit_limit IS DISTINCT FROM OLD.credit_limit OR NEW.tolerance_percent IS DISTINCT FROM OLD.tolerance_percent OR NEW.horizon_days IS DISTINCT FROM OLD.horizon_days OR NEW.overdue_amount IS DISTINCT FROM OLD.overdue_amount OR NEW.overdue_days IS DISTINCT FROM OLD.overdue_days OR NEW.insured_limit IS DISTINCT FROM OLD.insured_limit OR NEW.insured_until IS DISTINCT FROM OLD.insured_until))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="04a72174e6c2471233aa4df3d49e0ce7fa9156f9",
                            operation="UPDATE",
                            pgid="pgtrigger_terms_update_8ea14",
                            table="customers_creditaccount",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="creditaccount",
                    trigger=pgtrigger.compiler.Trigger(
                        name="terms_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (pg_trigger_depth() = 0 AND (NEW.credit_limit IS NOT NULL OR NEW.tolerance_percent IS NOT NULL OR NEW.horizon_days IS NOT NULL OR NEW.overdue_amount IS NOT NULL OR NEW.overdue_days IS NOT NULL OR NEW.insured_limit IS NOT NULL OR NEW.insured_until IS NOT NULL))",
                            func="RAISE EXCEPTION 'balances of % are kept by its ledger', TG_TABLE_NAME USING ERRCODE = 'check_violation';",
                            hash="aeb8e7d6494fc17ad54a0eecbc21b209d818487f",
                            operation="INSERT",
                            pgid="pgtrigger_terms_insert_d39a6",
                            table="customers_creditaccount",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="creditaccount",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="d46fc37ae7c8aab131705b50fa78a5e43e95f0e2",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_d0e38",
                            table="customers_creditaccount",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="contact",
                    index=models.Index(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("email"), "text_pattern_ops"
                        ),
                        condition=models.Q(("email", ""), _negated=True),
                        name="contact_email_any_case",
                    ),
                ),
                migrations.AddIndex(
                    model_name="contact",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector("name", config="simple"),
                        name="contact_name_words",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contact",
                    constraint=models.UniqueConstraint(
                        fields=("customer", "name", "role"), name="one_contact_per_name_and_role"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="agreement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("valid_to__gte", models.F("valid_from"))),
                        name="agreement_ends_after_it_began",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="agreement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_approves_an_agreement_they_proposed",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="agreement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["in_force", "ended"]), _negated=True),
                            ("needs_approval", False),
                            ("approved_by__isnull", False),
                            _connector="OR",
                        ),
                        name="agreement_in_force_has_its_second_person",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="agreement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="moves_along_its_table",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.status <> NEW.status AND NOT ((OLD.status = 'draft' AND NEW.status IN ('dropped', 'in_force', 'proposed')) OR (OLD.status = 'proposed' AND NEW.status IN ('draft', 'dropped', 'in_force')) OR (OLD.status = 'in_force' AND NEW.status IN ('ended'))))",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.status, NEW.status USING ERRCODE = 'check_violation';",
                            hash="3bbba14ba8eab6c7e599fd86cd76b725232c612d",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_moves_along_its_table_34811",
                            table="customers_agreement",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="agreement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="begins_at_its_start",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.status <> 'draft')",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, 'nothing', NEW.status USING ERRCODE = 'check_violation';",
                            hash="f1ac66d0e15491382245fe3b0b91c7e86d4c283b",
                            operation="INSERT",
                            pgid="pgtrigger_begins_at_its_start_c6dfa",
                            table="customers_agreement",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="agreement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_to_the_kept_customer",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE kept bigint;",
                            func="\n    LOOP\n        SELECT merged_into_id INTO kept FROM customers_customer WHERE id = NEW.customer_id FOR KEY SHARE;\n        EXIT WHEN kept IS NULL;\n        NEW.customer_id := kept;\n    END LOOP;\n    RETURN NEW;\n",
                            hash="d7fead78700252de075ee948afb988b3e1083d93",
                            operation="INSERT",
                            pgid="pgtrigger_keep_to_the_kept_customer_3cdbb",
                            table="customers_agreement",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="agreement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="6bcc724a86793ee5ab94bd253fe2fd2894bd2ba6",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_0e4b9",
                            table="customers_agreement",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="agreement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="what_is_agreed_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.status IN ('in_force', 'ended') AND (NEW.valid_to > OLD.valid_to OR (NEW.currency_id, NEW.valid_from, NEW.needs_approval) IS DISTINCT FROM (OLD.currency_id, OLD.valid_from, OLD.needs_approval)))",
                            func="RAISE EXCEPTION 'what is agreed in % stays', OLD.number USING ERRCODE = 'check_violation';",
                            hash="b4cbd1607caba593d910cc959256c46df0a0cbd3",
                            operation="UPDATE",
                            pgid="pgtrigger_what_is_agreed_stays_64257",
                            table="customers_agreement",
                            when="BEFORE",
                        ),
                    ),
                ),
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
                migrations.AddConstraint(
                    model_name="restrictedsale",
                    constraint=models.UniqueConstraint(
                        fields=("product", "category", "customer", "group"),
                        name="named_once_for_a_restricted_sale",
                        nulls_distinct=False,
                        violation_error_message="This is there already.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="restrictedsale",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("category__isnull", False), ("product", None)),
                            models.Q(("category", None), ("product__isnull", False)),
                            _connector="OR",
                        ),
                        name="restricted_is_a_product_or_a_category",
                        violation_error_message="Choose a product or a category, one of the two.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="restrictedsale",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("customer", None), ("group__isnull", False)),
                            models.Q(("customer__isnull", False), ("group", None)),
                            _connector="OR",
                        ),
                        name="restricted_to_a_customer_or_a_group",
                        violation_error_message="Choose a customer or a group, one of the two.",
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
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(fields=["name"], name="customers_by_name"),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(
                        condition=models.Q(("credit_account__isnull", False)),
                        fields=["credit_account"],
                        name="customers_of_credit_accounts",
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
                pgtrigger.migrations.AddTrigger(
                    model_name="customer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_its_credit_account_when_new",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.parent_id IS NOT NULL)",
                            func="\n    PERFORM pg_advisory_xact_lock(7301, 1);\n    WITH RECURSIVE governed(id, account) AS (\n        SELECT c.id, coalesce(own.id, above.credit_account_id)\n        FROM customers_customer c LEFT JOIN customers_creditaccount own\n          ON own.customer_id = c.id AND own.tolerance_percent IS NOT NULL\n        LEFT JOIN customers_customer above ON above.id = c.parent_id\n        WHERE c.id = NEW.id\n        UNION\n        SELECT c.id, coalesce(own.id, g.account)\n        FROM governed g JOIN customers_customer c ON c.parent_id = g.id\n        LEFT JOIN customers_creditaccount own ON own.customer_id = c.id AND own.tolerance_percent IS NOT NULL)\n    UPDATE customers_customer c SET credit_account_id = g.account FROM governed g\n    WHERE c.id = g.id AND c.credit_account_id IS DISTINCT FROM g.account;\n    RETURN NULL;\n",
                            hash="d0608894e092767bd6692e49239c0aa592417e66",
                            operation="INSERT",
                            pgid="pgtrigger_keep_its_credit_account_when_new_ef5f1",
                            table="customers_customer",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="customer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_its_credit_account_when_moved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.parent_id IS DISTINCT FROM OLD.parent_id)",
                            func="\n    PERFORM pg_advisory_xact_lock(7301, 1);\n    WITH RECURSIVE governed(id, account) AS (\n        SELECT c.id, coalesce(own.id, above.credit_account_id)\n        FROM customers_customer c LEFT JOIN customers_creditaccount own\n          ON own.customer_id = c.id AND own.tolerance_percent IS NOT NULL\n        LEFT JOIN customers_customer above ON above.id = c.parent_id\n        WHERE c.id = NEW.id\n        UNION\n        SELECT c.id, coalesce(own.id, g.account)\n        FROM governed g JOIN customers_customer c ON c.parent_id = g.id\n        LEFT JOIN customers_creditaccount own ON own.customer_id = c.id AND own.tolerance_percent IS NOT NULL)\n    UPDATE customers_customer c SET credit_account_id = g.account FROM governed g\n    WHERE c.id = g.id AND c.credit_account_id IS DISTINCT FROM g.account;\n    RETURN NULL;\n",
                            hash="f313dec4709831a0503693753a1f990be39a7a1f",
                            operation='UPDATE OF "parent_id"',
                            pgid="pgtrigger_keep_its_credit_account_when_moved_c422f",
                            table="customers_customer",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="customer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_its_credit_account_as_it_is",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                IF pg_trigger_depth() = 1 THEN\n                    NEW.credit_account_id = CASE TG_OP WHEN 'UPDATE' THEN OLD.credit_account_id END;\n                END IF;\n                RETURN NEW;\n            ",
                            hash="f5a13e1d3d9019718e25b3d07980eeaa6889f066",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_keep_its_credit_account_as_it_is_c8dad",
                            table="customers_customer",
                            when="BEFORE",
                        ),
                    ),
                ),
            ],
        ),
    ]

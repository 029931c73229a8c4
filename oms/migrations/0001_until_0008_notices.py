"""All tables of oms as they stood after 0008_notices: a new database is made in one step and not in 8."""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import oms.models.company
from oms.schema import AtOnce


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("oms", "0001_tables"),
        ("oms", "0002_imported_files"),
        ("oms", "0003_attempts"),
        ("oms", "0004_named_views"),
        ("oms", "0005_price_versions"),
        ("oms", "0006_taxes"),
        ("oms", "0007_import_jobs"),
        ("oms", "0008_notices"),
    ]
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [
        AtOnce(
            steps=[
                migrations.CreateModel(
                    name="User",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        (
                            "last_login",
                            models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                        ),
                        (
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text="Designates that this user has all permissions without explicitly assigning them.",
                                verbose_name="superuser status",
                            ),
                        ),
                        (
                            "username",
                            models.CharField(
                                error_messages={"unique": "A user with that username already exists."},
                                help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                                max_length=150,
                                unique=True,
                                validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                                verbose_name="username",
                            ),
                        ),
                        (
                            "first_name",
                            models.CharField(blank=True, max_length=150, verbose_name="first name"),
                        ),
                        ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                        (
                            "email",
                            models.EmailField(blank=True, max_length=254, verbose_name="email address"),
                        ),
                        (
                            "is_staff",
                            models.BooleanField(
                                default=False,
                                help_text="Designates whether the user can log into this admin site.",
                                verbose_name="staff status",
                            ),
                        ),
                        (
                            "is_active",
                            models.BooleanField(
                                default=True,
                                help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                                verbose_name="active",
                            ),
                        ),
                        (
                            "date_joined",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="date joined"
                            ),
                        ),
                        (
                            "groups",
                            models.ManyToManyField(
                                blank=True,
                                help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.group",
                                verbose_name="groups",
                            ),
                        ),
                        (
                            "user_permissions",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Specific permissions for this user.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.permission",
                                verbose_name="user permissions",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "user",
                        "verbose_name_plural": "users",
                        "abstract": False,
                    },
                    managers=[
                        ("objects", django.contrib.auth.models.UserManager()),
                    ],
                ),
                migrations.CreateModel(
                    name="ApiClient",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "key_hash",
                            models.CharField(
                                editable=False, max_length=64, unique=True, verbose_name="key hash"
                            ),
                        ),
                        ("expires_at", models.DateTimeField(verbose_name="expires at")),
                        (
                            "revoked_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="revoked at"),
                        ),
                        (
                            "last_used_at",
                            models.DateTimeField(editable=False, null=True, verbose_name="last used at"),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="api_clients",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="acts as",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "API client",
                        "verbose_name_plural": "API clients",
                    },
                ),
                migrations.CreateModel(
                    name="Attempts",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("who", models.CharField(max_length=80, verbose_name="who")),
                        ("what", models.CharField(max_length=20, verbose_name="what")),
                        ("minute", models.DateTimeField(verbose_name="minute")),
                        ("count", models.PositiveIntegerField(verbose_name="count")),
                    ],
                    options={
                        "verbose_name": "attempts",
                        "verbose_name_plural": "attempts",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("who", "what", "minute"), name="one_count_per_minute"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Currency",
                    fields=[
                        (
                            "code",
                            models.CharField(
                                max_length=3, primary_key=True, serialize=False, verbose_name="code"
                            ),
                        ),
                        ("name", models.CharField(max_length=40, verbose_name="name")),
                        ("exponent", models.PositiveSmallIntegerField(default=2, verbose_name="decimals")),
                    ],
                    options={
                        "verbose_name": "currency",
                        "verbose_name_plural": "currencies",
                        "ordering": ["code"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("exponent__lte", 4)),
                                name="currency_has_at_most_four_decimals",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportProfile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=40, verbose_name="kind")),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        ("columns", models.JSONField(verbose_name="columns")),
                        (
                            "user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "profile of an import",
                        "verbose_name_plural": "profiles of imports",
                        "ordering": ["kind", "name", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="NamedView",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("about", models.CharField(max_length=80, verbose_name="list")),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        (
                            "query",
                            models.CharField(blank=True, max_length=2000, verbose_name="filters and columns"),
                        ),
                        ("is_first", models.BooleanField(default=False, verbose_name="opened at first")),
                        (
                            "user",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="views",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "named view",
                        "verbose_name_plural": "named views",
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="Notice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("what", models.CharField(max_length=40, verbose_name="what")),
                        ("about", models.CharField(max_length=60, verbose_name="about")),
                        ("object_id", models.BigIntegerField(verbose_name="document")),
                        ("source", models.CharField(max_length=80, verbose_name="source")),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                        ("read_at", models.DateTimeField(null=True, verbose_name="read at")),
                        (
                            "user",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notices",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "notice",
                        "verbose_name_plural": "notices",
                        "ordering": ["-at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="TaxClass",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=60, unique=True, verbose_name="name")),
                        (
                            "is_usual",
                            models.BooleanField(default=False, verbose_name="holds where no other is named"),
                        ),
                    ],
                    options={
                        "verbose_name": "tax class",
                        "verbose_name_plural": "tax classes",
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_usual", True)),
                                fields=("is_usual",),
                                name="one_tax_class_is_usual",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChargeKind",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        (
                            "amount",
                            models.DecimalField(
                                blank=True,
                                decimal_places=4,
                                max_digits=18,
                                null=True,
                                verbose_name="usual amount",
                            ),
                        ),
                        ("active", models.BooleanField(default=True, verbose_name="offered")),
                        (
                            "tax_class",
                            models.ForeignKey(
                                blank=True,
                                help_text="empty: the usual one",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="oms.taxclass",
                                verbose_name="tax class",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "kind of charge",
                        "verbose_name_plural": "kinds of charges",
                        "ordering": ["code"],
                    },
                ),
                migrations.CreateModel(
                    name="TaxZone",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=60, unique=True, verbose_name="name")),
                        (
                            "is_exempt",
                            models.BooleanField(
                                default=False,
                                help_text="whatever goes there, such as exports",
                                verbose_name="without tax",
                            ),
                        ),
                        ("is_rest", models.BooleanField(default=False, verbose_name="all other countries")),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note on papers")),
                    ],
                    options={
                        "verbose_name": "tax zone",
                        "verbose_name_plural": "tax zones",
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_rest", True)),
                                fields=("is_rest",),
                                name="one_tax_zone_is_the_rest",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TaxRate",
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
                        ("valid_from", models.DateField(verbose_name="from")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="until before")),
                        (
                            "tax_class",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rates",
                                to="oms.taxclass",
                                verbose_name="tax class",
                            ),
                        ),
                        (
                            "zone",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rates",
                                to="oms.taxzone",
                                verbose_name="tax zone",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "tax rate",
                        "verbose_name_plural": "tax rates",
                        "ordering": ["zone", "tax_class", "-valid_from"],
                    },
                ),
                migrations.CreateModel(
                    name="TaxZoneCountry",
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
                                help_text="ISO 3166, two letters",
                                max_length=2,
                                unique=True,
                                verbose_name="country",
                            ),
                        ),
                        (
                            "zone",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="countries",
                                to="oms.taxzone",
                                verbose_name="tax zone",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "country of a tax zone",
                        "verbose_name_plural": "countries of a tax zone",
                        "ordering": ["country"],
                    },
                ),
                migrations.CreateModel(
                    name="Company",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "logo",
                            models.FileField(
                                blank=True,
                                upload_to="company",
                                validators=[
                                    django.core.validators.FileExtensionValidator(["png", "jpg", "jpeg"])
                                ],
                                verbose_name="logo",
                            ),
                        ),
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
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                        ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                        (
                            "vat_number",
                            models.CharField(blank=True, max_length=20, verbose_name="VAT number"),
                        ),
                        ("bank_name", models.CharField(blank=True, max_length=80, verbose_name="bank")),
                        ("iban", models.CharField(blank=True, max_length=34, verbose_name="IBAN")),
                        ("bic", models.CharField(blank=True, max_length=11, verbose_name="BIC")),
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
                            "number_format",
                            models.CharField(
                                choices=[
                                    ("1,234.50", "1,234.50"),
                                    ("1.234,50", "1.234,50"),
                                    ("1 234,50", "1 234,50"),
                                ],
                                default="1,234.50",
                                max_length=10,
                                verbose_name="number format",
                            ),
                        ),
                        (
                            "prices_include_tax",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                help_text="holds for documents entered from now on",
                                verbose_name="prices include tax",
                            ),
                        ),
                        (
                            "tax_rounding",
                            models.CharField(
                                choices=[("line", "on each line"), ("group", "on the sum of each rate")],
                                db_default="group",
                                default="group",
                                help_text="holds for documents entered from now on",
                                max_length=10,
                                verbose_name="tax is rounded",
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
                        "verbose_name": "company",
                        "verbose_name_plural": "company",
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("id", 1)), name="company_is_one_row")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExchangeRate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("rate", models.DecimalField(decimal_places=9, max_digits=18, verbose_name="rate")),
                        ("valid_from", models.DateField(verbose_name="from")),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="oms.currency",
                                verbose_name="one of",
                            ),
                        ),
                        (
                            "target",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="oms.currency",
                                verbose_name="is worth in",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "exchange rate",
                        "verbose_name_plural": "exchange rates",
                        "ordering": ["source", "target", "-valid_from"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("target", "source", "valid_from"),
                                name="one_rate_per_currencies_and_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("rate__gt", 0)), name="exchange_rate_is_positive"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("source", models.F("target")), _negated=True),
                                name="a_currency_has_no_rate_to_itself",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IdempotencyKey",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=200, verbose_name="key")),
                        ("request_hash", models.CharField(max_length=64, verbose_name="request hash")),
                        ("status", models.PositiveSmallIntegerField(verbose_name="status")),
                        ("answer", models.JSONField(verbose_name="answer")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="created at"
                            ),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="client",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "idempotency key",
                        "verbose_name_plural": "idempotency keys",
                        "constraints": [
                            models.UniqueConstraint(fields=("client", "key"), name="one_answer_per_key")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportedFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=40, verbose_name="kind")),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        ("new", models.PositiveIntegerField(verbose_name="new")),
                        ("changed", models.PositiveIntegerField(verbose_name="changed")),
                        ("same", models.PositiveIntegerField(verbose_name="same")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "imported file",
                        "verbose_name_plural": "imported files",
                        "ordering": ["pk"],
                        "indexes": [models.Index(fields=["kind", "sha256"], name="imported_file_again")],
                    },
                ),
                migrations.CreateModel(
                    name="ImportJob",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=40, verbose_name="kind")),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        ("stored", models.CharField(max_length=200, verbose_name="kept as")),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                        ("encoding", models.CharField(blank=True, max_length=20, verbose_name="encoding")),
                        ("header", models.JSONField(default=list, verbose_name="header")),
                        ("columns", models.JSONField(default=dict, verbose_name="columns")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("waiting", "being checked"),
                                    ("columns", "waits for its columns"),
                                    ("checked", "checked"),
                                    ("confirmed", "being imported"),
                                    ("imported", "imported"),
                                    ("refused", "refused"),
                                    ("cancelled", "cancelled"),
                                    ("broken", "broken off"),
                                    ("undone", "undone"),
                                ],
                                default="waiting",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "status_since",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="status since"
                            ),
                        ),
                        ("step", models.CharField(blank=True, max_length=10, verbose_name="step")),
                        ("done", models.PositiveIntegerField(default=0, verbose_name="rows done")),
                        ("total", models.PositiveIntegerField(default=0, verbose_name="rows of all")),
                        ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                        ("leased_until", models.DateTimeField(null=True, verbose_name="held until")),
                        ("new", models.PositiveIntegerField(default=0, verbose_name="new")),
                        ("changed", models.PositiveIntegerField(default=0, verbose_name="changed")),
                        ("same", models.PositiveIntegerField(default=0, verbose_name="same")),
                        ("problems", models.PositiveIntegerField(default=0, verbose_name="problems")),
                        ("said", models.CharField(blank=True, max_length=500, verbose_name="what was said")),
                        ("found", models.JSONField(default=dict, verbose_name="found")),
                        (
                            "errors",
                            models.CharField(blank=True, max_length=200, verbose_name="file with its errors"),
                        ),
                        ("made", models.JSONField(default=dict, verbose_name="made")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "import",
                        "verbose_name_plural": "imports",
                        "ordering": ["-pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status__in", ["waiting", "confirmed"])),
                                fields=["id"],
                                name="imports_to_be_worked_on",
                            )
                        ],
                    },
                ),
            ],
        ),
        AtOnce(
            steps=[
                pgtrigger.migrations.AddTrigger(
                    model_name="importjob",
                    trigger=pgtrigger.compiler.Trigger(
                        name="moves_along_its_table",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.status <> NEW.status AND NOT ((OLD.status = 'waiting' AND NEW.status IN ('broken', 'cancelled', 'checked', 'columns', 'refused')) OR (OLD.status = 'columns' AND NEW.status IN ('cancelled', 'waiting')) OR (OLD.status = 'checked' AND NEW.status IN ('cancelled', 'columns', 'confirmed', 'waiting')) OR (OLD.status = 'confirmed' AND NEW.status IN ('broken', 'cancelled', 'imported', 'refused')) OR (OLD.status = 'imported' AND NEW.status IN ('undone')) OR (OLD.status = 'refused' AND NEW.status IN ('cancelled', 'columns', 'waiting')) OR (OLD.status = 'broken' AND NEW.status IN ('cancelled', 'waiting'))))",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.status, NEW.status USING ERRCODE = 'check_violation';",
                            hash="d0bbacaf756f01fd29b89847b3f9c4ea47522870",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_moves_along_its_table_923de",
                            table="oms_importjob",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="importjob",
                    trigger=pgtrigger.compiler.Trigger(
                        name="begins_at_its_start",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.status <> 'waiting')",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, 'nothing', NEW.status USING ERRCODE = 'check_violation';",
                            hash="511a208307cf20272c2d2b1be3b90730e5a8400e",
                            operation="INSERT",
                            pgid="pgtrigger_begins_at_its_start_55798",
                            table="oms_importjob",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="importprofile",
                    constraint=models.UniqueConstraint(
                        fields=("kind", "user", "name"),
                        name="one_profile_per_name_and_kind",
                        nulls_distinct=False,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="namedview",
                    constraint=models.UniqueConstraint(
                        fields=("user", "about", "name"), name="one_view_per_name_and_list"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="namedview",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("is_first", True)),
                        fields=("user", "about"),
                        name="one_view_is_opened_at_first",
                    ),
                ),
                migrations.AddIndex(
                    model_name="notice",
                    index=models.Index(
                        condition=models.Q(("read_at", None)), fields=["user"], name="notices_unread"
                    ),
                ),
                migrations.AddIndex(
                    model_name="notice",
                    index=models.Index(fields=["user", "-at"], name="notices_of_a_person"),
                ),
                migrations.AddIndex(
                    model_name="notice",
                    index=models.Index(
                        condition=models.Q(("read_at__isnull", False)),
                        fields=["read_at"],
                        name="notices_read",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="notice",
                    constraint=models.UniqueConstraint(
                        fields=("user", "source"), name="one_notice_per_person_and_source"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="chargekind",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="usual_charge_is_never_negative"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="taxrate",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("percent__gte", 0), ("percent__lte", 100)),
                        name="tax_rate_is_a_percentage",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="taxrate",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="tax_rate_is_valid_for_a_while",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="taxrate",
                    constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.F("zone_id"),
                                    models.F("zone_id"),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    models.F("tax_class_id"),
                                    models.F("tax_class_id"),
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
                        name="one_tax_rate_per_class_and_day",
                        violation_error_message="Another rate of this class holds in this zone on one of these days; end that one first.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="taxzonecountry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("country__regex", "^[A-Z]{2}$")),
                        name="tax_country_is_two_letters",
                    ),
                ),
            ],
        ),
    ]

"""All tables of oms as they stood after 0005_price_versions: a new database is made in one step and not in 5."""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import oms.models
from oms.schema import AtOnce


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("oms", "0001_tables"),
        ("oms", "0002_imported_files"),
        ("oms", "0003_attempts"),
        ("oms", "0004_named_views"),
        ("oms", "0005_price_versions"),
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
                                validators=[oms.models.require_known_zone],
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
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "about", "name"), name="one_view_per_name_and_list"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("is_first", True)),
                                fields=("user", "about"),
                                name="one_view_is_opened_at_first",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]

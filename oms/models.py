"""The few tables every app shares."""

from typing import ClassVar, Self
from zoneinfo import available_timezones

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oms.errors import IllegalMove
from oms.ranges import days, point
from oms.triggers import moves_only_along


class User(AbstractUser):
    """A person or a machine that acts. Roles are groups; see access.yml."""

    class Meta(AbstractUser.Meta):
        abstract = False


class Currency(models.Model):
    """A currency by its ISO 4217 code; `exponent` is the number of decimals of its amounts."""

    code = models.CharField(_("code"), max_length=3, primary_key=True)
    name = models.CharField(_("name"), max_length=40)
    exponent = models.PositiveSmallIntegerField(_("decimals"), default=2)

    class Meta:
        ordering = ["code"]
        verbose_name = _("currency")
        verbose_name_plural = _("currencies")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(exponent__lte=4), name="currency_has_at_most_four_decimals"
            )
        ]

    def __str__(self) -> str:
        return self.code


def require_known_zone(zone: str) -> None:
    """Raise ValidationError when the time zone database has no such zone."""
    if zone not in available_timezones():
        raise ValidationError(_("“%(zone)s” is not a time zone like Europe/Berlin."), params={"zone": zone})


class ExchangeRate(models.Model):
    """From a day on, until the next rate, one `source` is worth `rate` of `target`."""

    source = models.ForeignKey(Currency, on_delete=models.PROTECT, related_name="+", verbose_name=_("one of"))
    target = models.ForeignKey(
        Currency, on_delete=models.PROTECT, related_name="+", verbose_name=_("is worth in")
    )
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=9)
    valid_from = models.DateField(_("from"))

    class Meta:
        ordering = ["source", "target", "-valid_from"]
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = [
            models.UniqueConstraint(
                fields=["target", "source", "valid_from"], name="one_rate_per_currencies_and_day"
            ),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="exchange_rate_is_positive"),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")), name="a_currency_has_no_rate_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"1 {self.source_id} = {self.rate.normalize():f} {self.target_id}"


class TaxRounding(models.TextChoices):
    """When tax becomes a whole number of cents: on each line, or on the sum of what has the same rate."""

    LINE = "line", _("on each line")
    GROUP = "group", _("on the sum of each rate")


class TaxClass(models.Model):
    """Products and charges that are taxed alike. One that names none is of the usual class."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    is_usual = models.BooleanField(_("holds where no other is named"), default=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("tax class")
        verbose_name_plural = _("tax classes")
        constraints = [
            models.UniqueConstraint(
                fields=["is_usual"], condition=models.Q(is_usual=True), name="one_tax_class_is_usual"
            )
        ]

    def __str__(self) -> str:
        return self.name


class TaxZone(models.Model):
    """Where the same taxes hold. In an exempt zone nothing is taxed; `note` says why, on every paper.

    Goods that go to a country which no zone names are in the zone that is for the rest.
    """

    name = models.CharField(_("name"), max_length=60, unique=True)
    is_exempt = models.BooleanField(
        _("without tax"), default=False, help_text=_("whatever goes there, such as exports")
    )
    is_rest = models.BooleanField(_("all other countries"), default=False)
    note = models.CharField(_("note on papers"), max_length=200, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("tax zone")
        verbose_name_plural = _("tax zones")
        constraints = [
            models.UniqueConstraint(
                fields=["is_rest"], condition=models.Q(is_rest=True), name="one_tax_zone_is_the_rest"
            )
        ]

    def __str__(self) -> str:
        return self.name


class TaxZoneCountry(models.Model):
    """A country that belongs to a tax zone."""

    zone = models.ForeignKey(
        TaxZone, on_delete=models.CASCADE, related_name="countries", verbose_name=_("tax zone")
    )
    country = models.CharField(_("country"), max_length=2, unique=True, help_text=_("ISO 3166, two letters"))

    class Meta:
        ordering = ["country"]
        verbose_name = _("country of a tax zone")
        verbose_name_plural = _("countries of a tax zone")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(country__regex=r"^[A-Z]{2}$"), name="tax_country_is_two_letters"
            )
        ]

    def __str__(self) -> str:
        return self.country


class TaxRate(models.Model):
    """What a class is taxed in a zone, from a day on until another; 0 percent is a rate like any other."""

    zone = models.ForeignKey(
        TaxZone, on_delete=models.PROTECT, related_name="rates", verbose_name=_("tax zone")
    )
    tax_class = models.ForeignKey(
        TaxClass, on_delete=models.PROTECT, related_name="rates", verbose_name=_("tax class")
    )
    percent = models.DecimalField(_("percent"), max_digits=7, decimal_places=4)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until before"), null=True, blank=True)

    class Meta:
        ordering = ["zone", "tax_class", "-valid_from"]
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percent__gte=0, percent__lte=100), name="tax_rate_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="tax_rate_is_valid_for_a_while",
            ),
            ExclusionConstraint(
                name="one_tax_rate_per_class_and_day",
                violation_error_message=_(
                    "Another rate of this class holds in this zone on one of these days; end that one first."
                ),
                expressions=[
                    (point("zone_id"), RangeOperators.OVERLAPS),
                    (point("tax_class_id"), RangeOperators.OVERLAPS),
                    (days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent.normalize():f} %"


class ChargeKind(models.Model):
    """Something that documents may charge besides their lines, such as freight, and what it usually costs."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    amount = models.DecimalField(_("usual amount"), max_digits=18, decimal_places=4, null=True, blank=True)
    tax_class = models.ForeignKey(
        TaxClass,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("tax class"),
        help_text=_("empty: the usual one"),
    )
    active = models.BooleanField(_("offered"), default=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("kind of charge")
        verbose_name_plural = _("kinds of charges")
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="usual_charge_is_never_negative"),
        ]

    def __str__(self) -> str:
        return self.name


class Company(models.Model):
    """Who we are on every document: one row."""

    class NumberFormat(models.TextChoices):
        COMMA_POINT = "1,234.50", "1,234.50"
        POINT_COMMA = "1.234,50", "1.234,50"
        SPACE_COMMA = "1 234,50", "1 234,50"

    name = models.CharField(_("name"), max_length=120)
    logo = models.FileField(
        _("logo"),
        upload_to="company",
        blank=True,
        validators=[FileExtensionValidator(["png", "jpg", "jpeg"])],
    )
    street = models.CharField(_("street"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("ISO 3166, two letters"))
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    bank_name = models.CharField(_("bank"), max_length=80, blank=True)
    iban = models.CharField(_("IBAN"), max_length=34, blank=True)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    zone = models.CharField(
        _("time zone"), max_length=60, default="Europe/Berlin", validators=[require_known_zone]
    )
    number_format = models.CharField(
        _("number format"), max_length=10, choices=NumberFormat.choices, default=NumberFormat.COMMA_POINT
    )
    currency = models.ForeignKey(Currency, on_delete=models.PROTECT, verbose_name=_("currency"))
    prices_include_tax = models.BooleanField(
        _("prices include tax"),
        default=False,
        db_default=False,
        help_text=_("holds for documents entered from now on"),
    )
    tax_rounding = models.CharField(
        _("tax is rounded"),
        max_length=10,
        choices=TaxRounding.choices,
        default=TaxRounding.GROUP,
        db_default=TaxRounding.GROUP,
        help_text=_("holds for documents entered from now on"),
    )

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("company")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="company_is_one_row")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.pk = 1
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class IdempotencyKeyQuerySet(models.QuerySet["IdempotencyKey"]):
    def older_than(self, moment: object) -> Self:
        return self.filter(created_at__lt=moment)


class IdempotencyKey(models.Model):
    """The answer we gave to a request that may be sent again, stored in the transaction of its effect."""

    client = models.ForeignKey(User, on_delete=models.PROTECT, verbose_name=_("client"))
    key = models.CharField(_("key"), max_length=200)
    request_hash = models.CharField(_("request hash"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"))
    answer = models.JSONField(_("answer"))
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    objects = IdempotencyKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return self.key


class Attempts(models.Model):
    """How often somebody without a login has tried something within a minute."""

    who = models.CharField(_("who"), max_length=80)
    what = models.CharField(_("what"), max_length=20)
    minute = models.DateTimeField(_("minute"))
    count = models.PositiveIntegerField(_("count"))

    class Meta:
        verbose_name = _("attempts")
        verbose_name_plural = _("attempts")
        constraints = [models.UniqueConstraint(fields=["who", "what", "minute"], name="one_count_per_minute")]

    def __str__(self) -> str:
        return f"{self.who} {self.what}"


class ApiClient(models.Model):
    """A key by which a machine signs in as `user`. Only the key's hash is kept."""

    name = models.CharField(_("name"), max_length=80)
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="api_clients", verbose_name=_("acts as")
    )
    key_hash = models.CharField(_("key hash"), max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, editable=False)

    class Meta:
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")

    def __str__(self) -> str:
        return self.name


class ImportedFile(models.Model):
    """A file that was imported, what it did, and who sent it."""

    kind = models.CharField(_("kind"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    new = models.PositiveIntegerField(_("new"))
    changed = models.PositiveIntegerField(_("changed"))
    same = models.PositiveIntegerField(_("same"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")
        indexes = [models.Index(fields=["kind", "sha256"], name="imported_file_again")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class ImportProfileQuerySet(models.QuerySet["ImportProfile"]):
    def visible_to(self, user: User | None) -> Self:
        """A person's own and the company's."""
        return self.filter(models.Q(user=user) | models.Q(user=None))


class ImportProfile(models.Model):
    """Whose columns are ours: `columns` maps the headers of somebody's files to our columns, or to nothing.

    Without a `user` it is the company's.
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=40)
    name = models.CharField(_("name"), max_length=60)
    columns = models.JSONField(_("columns"))

    objects = ImportProfileQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "name", "pk"]
        verbose_name = _("profile of an import")
        verbose_name_plural = _("profiles of imports")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "user", "name"], nulls_distinct=False, name="one_profile_per_name_and_kind"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ImportStatus(models.TextChoices):
    WAITING = "waiting", _("being checked")
    COLUMNS = "columns", _("waits for its columns")
    CHECKED = "checked", _("checked")
    CONFIRMED = "confirmed", _("being imported")
    IMPORTED = "imported", _("imported")
    REFUSED = "refused", _("refused")
    CANCELLED = "cancelled", _("cancelled")
    BROKEN = "broken", _("broken off")
    UNDONE = "undone", _("undone")


S = ImportStatus
NEXT_OF_IMPORT: dict[str, frozenset[str]] = {
    S.WAITING: frozenset({S.COLUMNS, S.CHECKED, S.REFUSED, S.CANCELLED, S.BROKEN}),
    S.COLUMNS: frozenset({S.WAITING, S.CANCELLED}),
    S.CHECKED: frozenset({S.WAITING, S.COLUMNS, S.CONFIRMED, S.CANCELLED}),
    S.CONFIRMED: frozenset({S.IMPORTED, S.REFUSED, S.CANCELLED, S.BROKEN}),
    S.IMPORTED: frozenset({S.UNDONE}),
    S.REFUSED: frozenset({S.WAITING, S.COLUMNS, S.CANCELLED}),
    S.BROKEN: frozenset({S.WAITING, S.CANCELLED}),
    S.CANCELLED: frozenset(),
    S.UNDONE: frozenset(),
}


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    def visible_to(self, user: User) -> Self:
        """A person's own."""
        return self.filter(by=user)

    def due(self) -> Self:
        """What a worker has to do and no living one does, oldest first."""
        free = models.Q(leased_until=None) | models.Q(leased_until__lt=timezone.now())
        return self.filter(free, status__in=ImportJob.WORKED).order_by("pk")


class ImportJob(models.Model):
    """A file on its way in: checked, looked at, confirmed and imported by a worker that holds it until `leased_until`.

    `attempts` counts the workers that took it in this status: only the last one's word counts. `found` is what the
    preview shows, `made` what undoing takes back.
    """

    WORKED: ClassVar = [S.WAITING, S.CONFIRMED]
    MOST_ATTEMPTS: ClassVar = 3

    kind = models.CharField(_("kind"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    stored = models.CharField(_("kept as"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    header = models.JSONField(_("header"), default=list)
    columns = models.JSONField(_("columns"), default=dict)
    status = models.CharField(
        _("status"), max_length=10, choices=ImportStatus.choices, default=ImportStatus.WAITING
    )
    status_since = models.DateTimeField(_("status since"), default=timezone.now)
    step = models.CharField(_("step"), max_length=10, blank=True)
    done = models.PositiveIntegerField(_("rows done"), default=0)
    total = models.PositiveIntegerField(_("rows of all"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(_("held until"), null=True)
    new = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    same = models.PositiveIntegerField(_("same"), default=0)
    problems = models.PositiveIntegerField(_("problems"), default=0)
    said = models.CharField(_("what was said"), max_length=500, blank=True)
    found = models.JSONField(_("found"), default=dict)
    errors = models.CharField(_("file with its errors"), max_length=200, blank=True)
    made = models.JSONField(_("made"), default=dict)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [
            models.Index(
                fields=["id"],
                name="imports_to_be_worked_on",
                condition=models.Q(status__in=["waiting", "confirmed"]),
            )
        ]
        triggers = moves_only_along(NEXT_OF_IMPORT, start=ImportStatus.WAITING)

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def counts(self) -> tuple[int, int, int]:
        return self.new, self.changed, self.same

    @property
    def is_worked(self) -> bool:
        """Whether a worker has something to do for it."""
        return self.status in self.WORKED

    def can_become(self, status: ImportStatus) -> bool:
        return status in NEXT_OF_IMPORT[self.status]

    def require_can_become(self, status: ImportStatus) -> None:
        """Raise IllegalMove when the table of moves has no such step."""
        if not self.can_become(status):
            raise IllegalMove(str(self.name), str(self.get_status_display()), str(status.label))


class NamedViewQuerySet(models.QuerySet["NamedView"]):
    def visible_to(self, user: User) -> Self:
        """A person's own."""
        return self.filter(user=user)


class NamedView(models.Model):
    """How a person sees a list: `query` is its address behind the question mark, `about` the model it lists."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, db_index=False, related_name="views", verbose_name=_("person")
    )
    about = models.CharField(_("list"), max_length=80)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("filters and columns"), max_length=2000, blank=True)
    is_first = models.BooleanField(_("opened at first"), default=False)

    objects = NamedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("named view")
        verbose_name_plural = _("named views")
        constraints = [
            models.UniqueConstraint(fields=["user", "about", "name"], name="one_view_per_name_and_list"),
            models.UniqueConstraint(
                fields=["user", "about"],
                condition=models.Q(is_first=True),
                name="one_view_is_opened_at_first",
            ),
        ]

    def __str__(self) -> str:
        return self.name

"""Documents that went out: what the customer was shown, byte for byte, for ever."""

from typing import Self

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from oms.columns import actor
from oms.models import User
from oms.triggers import append_only
from orders.models.orders import Order
from orders.models.quotes import Quote, QuoteVersion
from orders.status import PaperKind


class IssuedDocumentQuerySet(models.QuerySet["IssuedDocument"]):
    def visible_to(self, user: User) -> Self:
        """Papers of the quotes and orders the user sees; they show prices, so this takes a right of its own."""
        if not user.has_perm("orders.view_issueddocument"):
            return self.none()
        return self.filter(
            Q(order__in=Order.objects.visible_to(user))
            | Q(quote_version__quote__in=Quote.objects.visible_to(user))
        )

    def of(self, document: Order | Quote) -> Self:
        """The papers of one quote or order without their bytes, newest first."""
        mine = Q(order=document) if isinstance(document, Order) else Q(quote_version__quote=document)
        return self.filter(mine).defer("content").select_related("created_by").order_by("-pk")


class IssuedDocument(models.Model):
    """A PDF as it was made. `source` says what it was made from, so that the same is made once."""

    kind = models.CharField(_("kind"), max_length=20, choices=PaperKind.choices)
    number = models.CharField(_("number"), max_length=40, unique=True)
    quote_version = models.ForeignKey(
        QuoteVersion,
        on_delete=models.PROTECT,
        null=True,
        related_name="papers",
        verbose_name=_("quote version"),
    )
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, null=True, related_name="papers", verbose_name=_("order")
    )
    source = models.CharField(_("made from"), max_length=64)
    content = models.BinaryField(_("content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    created_by = actor(_("created by"))

    objects = IssuedDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(fields=["kind", "source"], name="the_same_is_issued_once"),
            models.CheckConstraint(
                condition=Q(kind=PaperKind.QUOTE, quote_version__isnull=False, order=None)
                | Q(
                    kind__in=[PaperKind.CONFIRMATION, PaperKind.PROFORMA],
                    order__isnull=False,
                    quote_version=None,
                ),
                name="a_paper_is_of_a_quote_or_an_order",
            ),
            models.CheckConstraint(
                condition=Q(
                    sha256=Func(
                        Func(F("content"), function="sha256"),
                        Value("hex"),
                        function="encode",
                        output_field=models.CharField(),
                    )
                ),
                name="a_paper_has_the_hash_of_its_bytes",
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def file_name(self) -> str:
        return f"{self.number.replace(' ', '-')}.pdf"

"""What orders and quotes were at each moment of their past. Triggers write it; nobody changes it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from oms.triggers import append_only
from orders.models.orders import Order
from orders.models.quotes import Quote


class Moment(models.Model):
    """One transaction that changed a document. With the one that `begins` it the document came to be.

    `at` never goes back within a document. `xact` is the number of the transaction, by which it finds its moment.
    """

    xact = models.BigIntegerField(_("transaction"))
    at = models.DateTimeField(_("at"))
    begins = models.BooleanField(_("begins it"))

    class Meta:
        abstract = True
        ordering = ["document", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"


class Before(models.Model):
    """How rows of a document were before a statement changed them.

    `was` has by key what became different in a row, or all of one that went; `came` the keys of new rows.
    """

    what = models.CharField(_("what"), max_length=10)
    was = models.JSONField(_("how it was"))
    came = ArrayField(models.BigIntegerField(), verbose_name=_("what came"))

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.pk}"


class OrderMoment(Moment):
    document = models.ForeignKey(Order, on_delete=models.PROTECT, db_index=False, related_name="moments")

    class Meta(Moment.Meta):
        verbose_name = _("moment of an order")
        verbose_name_plural = _("moments of orders")
        indexes = [models.Index(fields=["document", "at"], name="moments_of_an_order")]
        triggers = append_only()


class OrderBefore(Before):
    moment = models.ForeignKey(OrderMoment, on_delete=models.PROTECT, related_name="befores")

    class Meta(Before.Meta):
        verbose_name = _("how an order was")
        verbose_name_plural = _("how orders were")
        triggers = append_only()


class OrderMoved(models.Model):
    """What a statement moved into buckets of an order's lines, and out of them where it is negative, in base units.

    One number for each of `lines`, none at all for a bucket that it left alone.
    """

    moment = models.ForeignKey(OrderMoment, on_delete=models.PROTECT, related_name="moved")
    lines = ArrayField(models.BigIntegerField(), verbose_name=_("lines"))
    allocated = ArrayField(models.BigIntegerField(), verbose_name=_("allocated"))
    picked = ArrayField(models.BigIntegerField(), verbose_name=_("picked"))
    packed = ArrayField(models.BigIntegerField(), verbose_name=_("packed"))
    shipped = ArrayField(models.BigIntegerField(), verbose_name=_("shipped"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("moved between buckets")
        verbose_name_plural = _("moved between buckets")
        triggers = append_only()

    def __str__(self) -> str:
        return f"{len(self.lines)} {self.pk}"


class QuoteMoment(Moment):
    document = models.ForeignKey(Quote, on_delete=models.PROTECT, db_index=False, related_name="moments")

    class Meta(Moment.Meta):
        verbose_name = _("moment of a quote")
        verbose_name_plural = _("moments of quotes")
        indexes = [models.Index(fields=["document", "at"], name="moments_of_a_quote")]
        triggers = append_only()


class QuoteBefore(Before):
    moment = models.ForeignKey(QuoteMoment, on_delete=models.PROTECT, related_name="befores")

    class Meta(Before.Meta):
        verbose_name = _("how a quote was")
        verbose_name_plural = _("how quotes were")
        triggers = append_only()


BEFORES: dict[type[Order] | type[Quote], type[OrderBefore] | type[QuoteBefore]] = {
    Order: OrderBefore,
    Quote: QuoteBefore,
}

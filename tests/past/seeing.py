"""A document as it is seen now, and as it is rebuilt: every column of every row of it, by plain values."""

from typing import Any

from django.db.models import Q

from orders.models import (
    ApprovalRequest,
    ApprovalStep,
    Decider,
    Hold,
    Order,
    OrderCharge,
    OrderLine,
    OrderTax,
    Quote,
    QuoteCharge,
    QuoteLine,
    QuoteTax,
    QuoteVersion,
)
from orders.services.remembering import document_at

Seen = dict[str, list[dict[str, Any]]]


def seen_now(document: Order | Quote) -> Seen:
    """What stands in the tables."""
    pk = document.pk
    if isinstance(document, Order):
        rows = {
            "lines": OrderLine.objects.filter(order=pk),
            "charged": OrderCharge.objects.filter(order=pk),
            "taxes": OrderTax.objects.filter(order=pk),
            "holds": Hold.objects.filter(order=pk),
        }
        mine = Q(order=pk)
    else:
        version = {"version__quote": pk, "version__number": Quote.objects.get(pk=pk).version_number}
        rows = {
            "versions": QuoteVersion.objects.filter(quote=pk),
            "lines": QuoteLine.objects.filter(**version),
            "charged": QuoteCharge.objects.filter(**version),
            "taxes": QuoteTax.objects.filter(**version),
            "deciders": Decider.objects.filter(**version),
        }
        mine = Q(quote_version__quote=pk)
    rows["requests"] = ApprovalRequest.objects.filter(mine)
    rows["steps"] = ApprovalStep.objects.filter(request__in=ApprovalRequest.objects.filter(mine))
    seen = {name: _values(found.order_by("pk")) for name, found in rows.items()}
    return {"document": _values(type(document).objects.filter(pk=pk)), **seen}


def rebuilt(document: Order | Quote, moment: Any) -> Seen:
    """What it was right after that moment, made of the present and of what was kept."""
    then = document_at(document, moment)
    names = ["lines", "charged", "taxes", "requests", "steps"]
    names += ["holds"] if isinstance(document, Order) else ["versions", "deciders"]
    return {
        "document": _values([then.document]),
        **{name: _values(getattr(then, name)) for name in names},
    }


def _values(rows: Any) -> list[dict[str, Any]]:
    return [{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields} for row in rows]

"""Who had a hand in a document: entered it or edited its draft, ever. Nobody decides on what is theirs.

The document itself names who edited it last; those before stand in its past, which nobody can change.
"""

from typing import Any

from django.db.models import BooleanField, Exists, F, Func, JSONField, OuterRef, Q, Value

from oms.models import User
from orders.models.orders import Order
from orders.models.past import BEFORES
from orders.models.quotes import Quote

EDITED = "$.*.edited_by_id"


def hands_in(document: Order | Quote) -> set[int]:
    """Return the ids of those who entered a document or ever edited its draft."""
    befores: Any = BEFORES[type(document)].objects.filter(moment__document=document.pk, what=_what(document))
    edited = Func(F("was"), Value(EDITED), function="jsonb_path_query", output_field=JSONField())
    earlier = befores.annotate(by=edited).values_list("by", flat=True).order_by().distinct()
    return {document.created_by_id, document.edited_by_id, *earlier} - {None}


def had_a_hand(user: User, path: str, of: type[Order | Quote]) -> Q:
    """Return for rows with a document at `path` whether the user is one of those."""
    return _is_one_of_those(user, Value(user.pk), path, of)


def has_a_hand(column: str, path: str, of: type[Order | Quote]) -> Q:
    """Return for rows with a document at `path` and a user in `column` whether that user is one of those."""
    return _is_one_of_those(F(column), OuterRef(column), path, of)


def _is_one_of_those(user: Any, from_its_past: Any, path: str, of: type[Order | Quote]) -> Q:
    """Return the same for a user as rows compare it, and as the rows of a document's past do."""
    person = Func(Value("user"), from_its_past, function="jsonb_build_object", output_field=JSONField())
    is_theirs = Func(
        F("was"),
        Value(f"{EDITED} ? (@ == $user)"),
        person,
        function="jsonb_path_exists",
        output_field=BooleanField(),
    )
    befores: Any = BEFORES[of].objects.filter(moment__document=OuterRef(path), what=_what(of))
    last = Q(**{f"{path}__created_by": user}) | Q(**{f"{path}__edited_by": user})
    return Q(**{f"{path}__isnull": False}) & (last | Q(Exists(befores.filter(is_theirs))))


def _what(of: Order | Quote | type[Order | Quote]) -> str:
    return str(of._meta.model_name)

"""Indexes by which texts are found: in whatever case and by how they begin, or by their words."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db.models import Index, Q
from django.db.models.functions import Upper


def in_any_case(field: str, *, name: str, optional: bool = False) -> Index:
    """Serve `iexact` and `istartswith` in any collation; rows without a text are left out where it is optional."""
    present = ~Q(**{field: ""}) if optional else None
    return Index(OpClass(Upper(field), "text_pattern_ops"), name=name, condition=present)


def by_words(field: str, *, name: str) -> Index:
    """Serve the search for words of a name and how they begin, in whatever language."""
    return GinIndex(SearchVector(field, config="simple"), name=name)

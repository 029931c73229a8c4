"""Document numbers: a prefix and a sequence of the database, gaps allowed."""

from django.db import migrations, models
from django.db.models.functions import Cast, Concat

FIRST_NUMBER = 1001


class NextValue(models.Func):
    """`nextval` of a sequence, as a column default."""

    function = "nextval"
    output_field = models.BigIntegerField()


def next_number(prefix: str, sequence: str) -> Concat:
    """Return the column default that numbers a document `SO-1001`, `SO-1002`, …"""
    value = NextValue(models.Value(sequence))
    return Concat(
        models.Value(f"{prefix}-"), Cast(value, models.CharField()), output_field=models.CharField()
    )


def create_sequence(name: str) -> migrations.RunSQL:
    """Return the migration step for a sequence; it comes before the table that uses it."""
    return migrations.RunSQL(f"CREATE SEQUENCE {name} START WITH {FIRST_NUMBER}", f"DROP SEQUENCE {name}")

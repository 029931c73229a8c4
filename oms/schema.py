"""Migration steps for what a model cannot say."""

from django.db import migrations


def room_for_updates(table: str, percent: int) -> migrations.RunSQL:
    """Return the step that leaves `percent` of each page free, so that an updated row stays on its page.

    A row that stays needs no new entry in any index: balances change several times in an order's life.
    """
    return migrations.RunSQL(
        f"ALTER TABLE {table} SET (fillfactor = {100 - percent})", f"ALTER TABLE {table} RESET (fillfactor)"
    )

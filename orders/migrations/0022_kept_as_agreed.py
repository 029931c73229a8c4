from typing import Any

import django.core.validators
from django.db import migrations, models

from orders.services.taking_off import take_off_cancelled

# Lines of orders made from a quote that still have its price say where it was accepted, as new ones do.
QUOTED = """
    UPDATE orders_orderline l SET trace = l.trace || jsonb_build_object('quoted', q.number || ' v' || v.number)
    FROM orders_order o JOIN orders_quoteversion v ON v.id = o.quote_version_id JOIN orders_quote q ON q.id = v.quote_id
    WHERE o.id = l.order_id AND EXISTS (
        SELECT FROM orders_quoteline g WHERE g.version_id = v.id AND g.product_id = l.product_id
        AND g.unit_id = l.unit_id AND g.unit_price = l.unit_price AND g.trace->>'typed' IS NOT DISTINCT FROM l.trace->>'typed')
"""


def take_off(apps: Any, _editor: Any) -> None:
    """What was cancelled before is not paid for either."""
    lines = apps.get_model("orders", "OrderLine").objects.filter(cancelled__gt=0)
    for order in apps.get_model("orders", "Order").objects.filter(pk__in=lines.values("order")).iterator():
        take_off_cancelled(order)


class Migration(migrations.Migration):
    dependencies = [("orders", "0019_totals")]

    operations = [
        migrations.AddField(
            model_name="approvalrule",
            name="tolerance_percent",
            field=models.DecimalField(
                db_default=0,
                decimal_places=2,
                default=0,
                help_text="by so much an approved total may grow before it is asked about again; for totals only",
                max_digits=5,
                validators=[
                    django.core.validators.MinValueValidator(0),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="tolerance %",
            ),
        ),
        migrations.AddConstraint(
            model_name="approvalrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("tolerance_percent", 0),
                    models.Q(
                        ("fact", "total_above"), ("tolerance_percent__gt", 0), ("tolerance_percent__lte", 100)
                    ),
                    _connector="OR",
                ),
                name="only_totals_have_a_tolerance",
                violation_error_message="Only a rule about the total has a tolerance, of 0 to 100 percent.",
            ),
        ),
        migrations.RunSQL(QUOTED, migrations.RunSQL.noop),
        migrations.RunPython(take_off, migrations.RunPython.noop),
    ]

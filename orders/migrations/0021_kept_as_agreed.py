from typing import Any

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

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
    from orders.services.taking_off import take_off_cancelled  # only where there is something to take off

    lines = apps.get_model("orders", "OrderLine").objects.filter(cancelled__gt=0)
    for order in apps.get_model("orders", "Order").objects.filter(pk__in=lines.values("order")).iterator():
        take_off_cancelled(order)


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0020_units_proven_in_sets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

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
        migrations.CreateModel(
            name="CounterAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("comment", models.CharField(blank=True, max_length=1000, verbose_name="comment")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="at"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                (
                    "offer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer",
                        to="orders.counteroffer",
                        verbose_name="counter-offer",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers_to",
                        to="orders.quoteversion",
                        verbose_name="quote version",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to a counter-offer",
                "verbose_name_plural": "answers to counter-offers",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="CounterLineAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "meeting",
                    models.CharField(
                        choices=[
                            ("met", "as they want"),
                            ("held", "as quoted"),
                            ("proposed", "something else"),
                        ],
                        max_length=10,
                        verbose_name="answer",
                    ),
                ),
                ("comment", models.CharField(blank=True, max_length=300, verbose_name="comment")),
                (
                    "answer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="orders.counteranswer",
                        verbose_name="answer",
                    ),
                ),
                (
                    "wish",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer",
                        to="orders.counterline",
                        verbose_name="wish",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to a wish",
                "verbose_name_plural": "answers to wishes",
                "ordering": ["pk"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="counteranswer",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="2741dbee03efecb6d688ceb70a5425ef91860b6d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_2c41c",
                    table="orders_counteranswer",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="counterlineanswer",
            index=models.Index(fields=["answer"], name="answers_to_wishes"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="counterlineanswer",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f51e50d83ebc1e197e53c2788d7e39b37e7d3b80",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_fb55f",
                    table="orders_counterlineanswer",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(QUOTED, migrations.RunSQL.noop),
        migrations.RunPython(take_off, migrations.RunPython.noop),
    ]

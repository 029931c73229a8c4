from django.db import migrations

# Lines of orders made from a quote that still have its price say where it was accepted, as new ones do.
QUOTED = """
    UPDATE orders_orderline l SET trace = l.trace || jsonb_build_object('quoted', q.number || ' v' || v.number)
    FROM orders_order o JOIN orders_quoteversion v ON v.id = o.quote_version_id JOIN orders_quote q ON q.id = v.quote_id
    WHERE o.id = l.order_id AND EXISTS (
        SELECT FROM orders_quoteline g WHERE g.version_id = v.id AND g.product_id = l.product_id
        AND g.unit_id = l.unit_id AND g.unit_price = l.unit_price AND g.trace->>'typed' IS NOT DISTINCT FROM l.trace->>'typed')
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0019_totals")]

    operations = [migrations.RunSQL(QUOTED, migrations.RunSQL.noop)]

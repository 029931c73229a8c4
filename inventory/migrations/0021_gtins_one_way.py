from typing import Any

from django.db import migrations, models

SPARE_ZEROS = r"^(0\d{12}|0\d{13}|0000\d{8})$"
BARE = "ltrim(gtin, '0')"
KEPT = f"CASE WHEN length({BARE}) <= 8 THEN lpad({BARE}, 8, '0') ELSE lpad({BARE}, greatest(12, length({BARE})), '0') END"


def require_one_unit_each(apps: Any, editor: Any) -> None:
    """Two units with one number, written with more and with fewer zeros, are for people to tell apart."""
    with editor.connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT string_agg(p.sku || ' ' || u.code || ': ' || u.gtin, ', ' ORDER BY u.id)
                FROM inventory_productunit u JOIN inventory_product p ON p.id = u.product_id
                WHERE u.gtin <> '' GROUP BY {KEPT} HAVING count(*) > 1"""  # noqa: S608  its own text
        )
        twice = [row[0] for row in cursor.fetchall()]
    if twice:
        found = "; ".join(twice)
        raise ValueError(
            f"One barcode is on two units: {found}. Take it from one of them, then update again."
        )


def keep_one_way(apps: Any, editor: Any) -> None:
    sql = f"UPDATE inventory_productunit SET gtin = {KEPT} WHERE gtin ~ %s"  # noqa: S608  its own text
    editor.execute(sql, [SPARE_ZEROS])


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0020_held_for_quotes"),
    ]

    operations = [
        migrations.RunPython(require_one_unit_each, migrations.RunPython.noop),
        migrations.RunPython(keep_one_way, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="productunit",
            constraint=models.CheckConstraint(
                condition=models.Q(("gtin__regex", SPARE_ZEROS), _negated=True),
                name="gtin_is_kept_one_way",
            ),
        ),
    ]

"""All tables of fulfillment as they stood after 0013_see_promises_kept: a new database is made in one step and not in 13."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import oms.numbering
from oms.numbering import create_sequence
from oms.schema import AtOnce, room_for_updates


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("fulfillment", "0001_sequences"),
        ("fulfillment", "0002_tables"),
        ("fulfillment", "0003_tables"),
        ("fulfillment", "0004_tables"),
        ("fulfillment", "0005_tables"),
        ("fulfillment", "0006_lean_indexes"),
        ("fulfillment", "0007_room_for_updates"),
        ("fulfillment", "0008_keys_proven_in_sets"),
        ("fulfillment", "0009_transfers"),
        ("fulfillment", "0010_allocation"),
        ("fulfillment", "0011_who_picked_stands_in_the_ledger"),
        ("fulfillment", "0012_taken_out_of_cartons"),
        ("fulfillment", "0013_see_promises_kept"),
    ]
    dependencies = [
        ("inventory", "0010_transfers"),
        ("orders", "0008_allocation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        create_sequence("fulfillment_shipment_number"),
        AtOnce(
            steps=[
                migrations.CreateModel(
                    name="Carrier",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("manual", "typed by hand"),
                                    ("simulated", "simulated, for demonstration"),
                                ],
                                default="manual",
                                max_length=20,
                                verbose_name="news come",
                            ),
                        ),
                        (
                            "tracking_url",
                            models.CharField(
                                blank=True,
                                help_text="with {number} where the tracking number goes",
                                max_length=200,
                                verbose_name="tracking address",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "carrier",
                        "verbose_name_plural": "carriers",
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="Shipment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "status_since",
                            models.DateTimeField(
                                default=django.utils.timezone.now, editable=False, verbose_name="status since"
                            ),
                        ),
                        (
                            "version",
                            models.PositiveIntegerField(default=0, editable=False, verbose_name="version"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, editable=False, verbose_name="created at"
                            ),
                        ),
                        (
                            "number",
                            models.CharField(
                                db_default=django.db.models.functions.text.Concat(
                                    models.Value("SH-"),
                                    django.db.models.functions.comparison.Cast(
                                        oms.numbering.NextValue(models.Value("fulfillment_shipment_number")),
                                        models.CharField(),
                                    ),
                                    output_field=models.CharField(),
                                ),
                                editable=False,
                                max_length=20,
                                unique=True,
                                verbose_name="number",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("planned", "planned"),
                                    ("picking", "picking"),
                                    ("packed", "packed"),
                                    ("shipped", "shipped"),
                                    ("delivered", "delivered"),
                                    ("void", "void"),
                                ],
                                default="planned",
                                editable=False,
                                max_length=20,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "ship_to",
                            models.TextField(
                                editable=False,
                                help_text="the address as it was at release",
                                verbose_name="ship to",
                            ),
                        ),
                        (
                            "shipped_at",
                            models.DateTimeField(editable=False, null=True, verbose_name="shipped at"),
                        ),
                        (
                            "handed_over_at",
                            models.DateTimeField(editable=False, null=True, verbose_name="handed over at"),
                        ),
                        (
                            "delivered_at",
                            models.DateTimeField(editable=False, null=True, verbose_name="delivered at"),
                        ),
                        (
                            "next_poll_at",
                            models.DateTimeField(
                                editable=False, null=True, verbose_name="next look at the carrier"
                            ),
                        ),
                        (
                            "carrier",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="fulfillment.carrier",
                                verbose_name="carrier",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="created by",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shipments",
                                to="orders.order",
                                verbose_name="order",
                            ),
                        ),
                        (
                            "warehouse",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="inventory.warehouse",
                                verbose_name="warehouse",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "shipment",
                        "verbose_name_plural": "shipments",
                        "ordering": ["-pk"],
                        "permissions": [
                            ("release_order", "Can release orders to the warehouse"),
                            ("pick_shipment", "Can pick"),
                            ("short_pick", "Can report a short pick"),
                            ("pack_shipment", "Can pack"),
                            ("ship_shipment", "Can ship"),
                            ("void_shipment", "Can take a shipment back"),
                            ("track_shipment", "Can record tracking by hand"),
                            ("see_promises_kept", "Can see how many promises were kept"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Package",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="carton")),
                        (
                            "weight_grams",
                            models.PositiveIntegerField(default=0, verbose_name="weight in grams"),
                        ),
                        (
                            "tracking_number",
                            models.CharField(
                                blank=True, db_index=True, max_length=60, verbose_name="tracking number"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("pending", "pending"),
                                    ("label_created", "label created"),
                                    ("in_transit", "in transit"),
                                    ("out_for_delivery", "out for delivery"),
                                    ("ready_for_pickup", "ready for pick-up"),
                                    ("attempt_failed", "delivery attempt failed"),
                                    ("exception", "exception"),
                                    ("delivered", "delivered"),
                                    ("returning", "returning"),
                                    ("returned", "returned"),
                                    ("cancelled", "cancelled"),
                                ],
                                default="pending",
                                max_length=20,
                                verbose_name="tracking status",
                            ),
                        ),
                        (
                            "shipment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="packages",
                                to="fulfillment.shipment",
                                verbose_name="shipment",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "carton",
                        "verbose_name_plural": "cartons",
                        "ordering": ["shipment", "number"],
                    },
                ),
                migrations.CreateModel(
                    name="ShipmentEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(verbose_name="version")),
                        ("kind", models.CharField(max_length=40, verbose_name="kind")),
                        ("old_status", models.CharField(blank=True, max_length=20, verbose_name="from")),
                        ("new_status", models.CharField(blank=True, max_length=20, verbose_name="to")),
                        (
                            "at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(), verbose_name="at"
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                        ("detail", models.JSONField(default=dict, verbose_name="detail")),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="fulfillment.shipment",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "shipment event",
                        "verbose_name_plural": "shipment events",
                        "ordering": ["document", "version"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ShipmentDelivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("consumer", models.CharField(max_length=40, verbose_name="consumer")),
                        ("attempts", models.PositiveSmallIntegerField(db_default=0, verbose_name="attempts")),
                        (
                            "next_try_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="next try at",
                            ),
                        ),
                        ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                        ("parked_at", models.DateTimeField(blank=True, null=True, verbose_name="parked at")),
                        (
                            "error",
                            models.CharField(
                                blank=True, db_default="", max_length=500, verbose_name="last error"
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="fulfillment.shipmentevent",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "shipment announcement",
                        "verbose_name_plural": "shipment announcements",
                    },
                ),
                migrations.CreateModel(
                    name="ShipmentLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("quantity", models.BigIntegerField(verbose_name="quantity")),
                        (
                            "cancelled",
                            models.BigIntegerField(db_default=0, default=0, verbose_name="cancelled"),
                        ),
                        ("picked", models.BigIntegerField(db_default=0, default=0, verbose_name="picked")),
                        ("packed", models.BigIntegerField(db_default=0, default=0, verbose_name="packed")),
                        (
                            "to_pick",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("quantity"), "-", models.F("cancelled")
                                    ),
                                    "-",
                                    models.F("picked"),
                                ),
                                output_field=models.BigIntegerField(),
                                verbose_name="to pick",
                            ),
                        ),
                        (
                            "allocation",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shipment_lines",
                                to="orders.allocation",
                                verbose_name="allocation",
                            ),
                        ),
                        (
                            "shipment",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="fulfillment.shipment",
                                verbose_name="shipment",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "shipment line",
                        "verbose_name_plural": "shipment lines",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="PickTask",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("quantity", models.BigIntegerField(verbose_name="quantity")),
                        ("picked", models.BigIntegerField(db_default=0, default=0, verbose_name="picked")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "open"),
                                    ("picked", "picked"),
                                    ("short", "short"),
                                    ("cancelled", "cancelled"),
                                ],
                                db_default="open",
                                default="open",
                                max_length=20,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "short_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("not_found", "not found"),
                                    ("damaged", "damaged"),
                                    ("wrong_item", "wrong item"),
                                ],
                                db_default="",
                                max_length=20,
                                verbose_name="why short",
                            ),
                        ),
                        ("picked_at", models.DateTimeField(null=True, verbose_name="picked at")),
                        (
                            "bin",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tasks",
                                to="inventory.binstock",
                                verbose_name="bin",
                            ),
                        ),
                        (
                            "shipment_line",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tasks",
                                to="fulfillment.shipmentline",
                                verbose_name="shipment line",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "pick task",
                        "verbose_name_plural": "pick tasks",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="PackageItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("quantity", models.BigIntegerField(verbose_name="quantity")),
                        (
                            "package",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="fulfillment.package",
                                verbose_name="carton",
                            ),
                        ),
                        (
                            "shipment_line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="items",
                                to="fulfillment.shipmentline",
                                verbose_name="shipment line",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "carton item",
                        "verbose_name_plural": "carton items",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="TrackingEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("tracking_number", models.CharField(max_length=60, verbose_name="tracking number")),
                        ("code", models.CharField(max_length=40, verbose_name="carrier's code")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("pending", "pending"),
                                    ("label_created", "label created"),
                                    ("in_transit", "in transit"),
                                    ("out_for_delivery", "out for delivery"),
                                    ("ready_for_pickup", "ready for pick-up"),
                                    ("attempt_failed", "delivery attempt failed"),
                                    ("exception", "exception"),
                                    ("delivered", "delivered"),
                                    ("returning", "returning"),
                                    ("returned", "returned"),
                                    ("cancelled", "cancelled"),
                                ],
                                max_length=20,
                                verbose_name="status",
                            ),
                        ),
                        ("happened_at", models.DateTimeField(verbose_name="happened at")),
                        (
                            "received_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="received at"
                            ),
                        ),
                        ("place", models.CharField(blank=True, max_length=120, verbose_name="place")),
                        (
                            "carrier",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="fulfillment.carrier",
                                verbose_name="carrier",
                            ),
                        ),
                        (
                            "package",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tracking",
                                to="fulfillment.package",
                                verbose_name="carton",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "tracking event",
                        "verbose_name_plural": "tracking events",
                        "ordering": ["happened_at", "pk"],
                    },
                ),
            ],
        ),
        AtOnce(
            steps=[
                migrations.AddIndex(
                    model_name="shipment",
                    index=models.Index(
                        condition=models.Q(("status", "shipped")),
                        fields=["next_poll_at"],
                        name="shipments_to_look_after",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="package",
                    constraint=models.UniqueConstraint(
                        fields=("shipment", "number"), name="one_carton_per_number"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="shipmentevent",
                    constraint=models.UniqueConstraint(
                        fields=("document", "version"), name="one_shipment_event_per_version"
                    ),
                ),
                migrations.AddIndex(
                    model_name="shipmentdelivery",
                    index=models.Index(
                        condition=models.Q(("parked_at", None), ("sent_at", None)),
                        fields=["id"],
                        name="shipment_deliveries_owed",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="shipmentdelivery",
                    constraint=models.UniqueConstraint(
                        fields=("event", "consumer"), name="one_shipment_delivery_per_consumer"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="shipmentline",
                    constraint=models.UniqueConstraint(
                        fields=("shipment", "allocation"), name="one_line_per_shipment_and_allocation"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="shipmentline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="shipment_line_ships_something"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="shipmentline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("cancelled__gte", 0), ("packed__gte", 0), ("packed__lte", models.F("picked"))
                        ),
                        name="pack_only_what_was_picked",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="shipmentline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("picked__gte", 0),
                            (
                                "quantity__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("picked"), "+", models.F("cancelled")
                                ),
                            ),
                        ),
                        name="pick_no_more_than_the_shipment_needs",
                    ),
                ),
                migrations.AddIndex(
                    model_name="picktask",
                    index=models.Index(
                        condition=models.Q(("status", "open")), fields=["bin"], name="pick_tasks_open"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="picktask",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="task_picks_something"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="picktask",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("picked__gte", 0), ("picked__lte", models.F("quantity"))),
                        name="pick_no_more_than_the_task_says",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="picktask",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "picked"), _negated=True),
                            ("picked", models.F("quantity")),
                            _connector="OR",
                        ),
                        name="picked_means_all_of_it",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="picktask",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "short"), _negated=True),
                            models.Q(
                                models.Q(("short_reason", ""), _negated=True),
                                ("picked__lt", models.F("quantity")),
                            ),
                            _connector="OR",
                        ),
                        name="short_says_why",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="packageitem",
                    constraint=models.UniqueConstraint(
                        fields=("package", "shipment_line"), name="one_item_per_carton_and_line"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="packageitem",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="carton_item_holds_something"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="trackingevent",
                    constraint=models.UniqueConstraint(
                        fields=("package", "carrier", "tracking_number", "code", "happened_at", "place"),
                        name="the_same_news_is_one_row",
                        nulls_distinct=False,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="trackingevent",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("code", ""), _negated=True), name="tracking_news_has_a_code"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="shipment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="moves_along_its_table",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.status <> NEW.status AND NOT ((OLD.status = 'planned' AND NEW.status IN ('picking', 'void')) OR (OLD.status = 'picking' AND NEW.status IN ('packed', 'void')) OR (OLD.status = 'packed' AND NEW.status IN ('picking', 'shipped', 'void')) OR (OLD.status = 'shipped' AND NEW.status IN ('delivered', 'void'))))",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.status, NEW.status USING ERRCODE = 'check_violation';",
                            hash="52033be0d374393a01dbe8571626d92de6ff96ef",
                            operation='UPDATE OF "status"',
                            pgid="pgtrigger_moves_along_its_table_b5abf",
                            table="fulfillment_shipment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="shipment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="begins_at_its_start",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.status <> 'planned')",
                            func="RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, 'nothing', NEW.status USING ERRCODE = 'check_violation';",
                            hash="88457ee4807cb42ea24804fa7695a4ac9427b29b",
                            operation="INSERT",
                            pgid="pgtrigger_begins_at_its_start_9df1b",
                            table="fulfillment_shipment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="shipment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="ac0608e5ec3c5edbad58906d95a94ba216272514",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_d6e92",
                            table="fulfillment_shipment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="shipment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_shipments_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    UPDATE orders_order o SET shipments_made = o.shipments_made + d.made\n    FROM (SELECT order_id, sum(CASE WHEN status = 'void' THEN 0 ELSE sign END) AS made FROM (SELECT 1 AS sign, * FROM new_rows) r GROUP BY 1) d\n    WHERE o.id = d.order_id AND d.made <> 0;\n    RETURN NULL;\n",
                            hash="80c455064d54210ba2d84c9f51c8451ddc2739ef",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_keep_shipments_insert_78d00",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="fulfillment_shipment",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="shipment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_shipments_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    UPDATE orders_order o SET shipments_made = o.shipments_made + d.made\n    FROM (SELECT order_id, sum(CASE WHEN status = 'void' THEN 0 ELSE sign END) AS made FROM (SELECT 1 AS sign, * FROM new_rows UNION ALL SELECT -1 AS sign, * FROM old_rows) r GROUP BY 1) d\n    WHERE o.id = d.order_id AND d.made <> 0;\n    RETURN NULL;\n",
                            hash="d12149e5732cd54a0475f04737fc26a520cf39f2",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_keep_shipments_update_48411",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="fulfillment_shipment",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="shipment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_shipments_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    UPDATE orders_order o SET shipments_made = o.shipments_made + d.made\n    FROM (SELECT order_id, sum(CASE WHEN status = 'void' THEN 0 ELSE sign END) AS made FROM (SELECT -1 AS sign, * FROM old_rows) r GROUP BY 1) d\n    WHERE o.id = d.order_id AND d.made <> 0;\n    RETURN NULL;\n",
                            hash="51480438d495dc3cbd0d7cb253ed9de314a6a02a",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_keep_shipments_delete_e9e84",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="fulfillment_shipment",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="shipmentevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="ddeefccf7d8fcd6beee73f32dcebef03db97eebc",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_e1aa0",
                            table="fulfillment_shipmentevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="shipmentevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="owed_to_mail",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="INSERT INTO fulfillment_shipmentdelivery (event_id, consumer) SELECT id, 'mail' FROM new_rows; RETURN NULL;",
                            hash="889aaf53cbe8c848c7a66fdd1dbf9eea440dda9b",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_owed_to_mail_a8f11",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="fulfillment_shipmentevent",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="shipmentline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="7ea6a67a5418147ecf314d48ff7800f3a4f720cc",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_fce09",
                            table="fulfillment_shipmentline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="shipmentline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keys_name_rows",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="IF EXISTS (SELECT FROM (SELECT DISTINCT shipment_id AS key FROM new_rows WHERE shipment_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM fulfillment_shipment p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'shipment_id of % names no row of fulfillment_shipment', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; IF EXISTS (SELECT FROM (SELECT DISTINCT allocation_id AS key FROM new_rows WHERE allocation_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM orders_allocation p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'allocation_id of % names no row of orders_allocation', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; RETURN NULL;",
                            hash="3e9b37674208469175a1ad89a9b898ba5771f45e",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_keys_name_rows_748fe",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="fulfillment_shipmentline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="shipmentline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_released_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    UPDATE orders_allocation a SET released = a.released + d.open\n    FROM (SELECT allocation_id, sum(sign * (quantity - cancelled - picked)) AS open FROM (SELECT 1 AS sign, * FROM new_rows) r GROUP BY 1) d\n    WHERE a.id = d.allocation_id AND d.open <> 0;\n    RETURN NULL;\n",
                            hash="9219ea0eddc1f777231c30043df644aa94943b43",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_keep_released_insert_05f9f",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="fulfillment_shipmentline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="shipmentline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_released_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    UPDATE orders_allocation a SET released = a.released + d.open\n    FROM (SELECT allocation_id, sum(sign * (quantity - cancelled - picked)) AS open FROM (SELECT 1 AS sign, * FROM new_rows UNION ALL SELECT -1 AS sign, * FROM old_rows) r GROUP BY 1) d\n    WHERE a.id = d.allocation_id AND d.open <> 0;\n    RETURN NULL;\n",
                            hash="8be340434fa1d80a83f725cb8e259b0ccaab87df",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_keep_released_update_4cd3e",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="fulfillment_shipmentline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="shipmentline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_released_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    UPDATE orders_allocation a SET released = a.released + d.open\n    FROM (SELECT allocation_id, sum(sign * (quantity - cancelled - picked)) AS open FROM (SELECT -1 AS sign, * FROM old_rows) r GROUP BY 1) d\n    WHERE a.id = d.allocation_id AND d.open <> 0;\n    RETURN NULL;\n",
                            hash="7f35d30568cced9323112ab22a17d705ed7f3332",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_keep_released_delete_cb954",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="fulfillment_shipmentline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="shipmentline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="shipment_and_allocation_never_change",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.shipment_id IS DISTINCT FROM OLD.shipment_id OR NEW.allocation_id IS DISTINCT FROM OLD.allocation_id)",
                            func="RAISE EXCEPTION 'a shipment line keeps its shipment and allocation' USING ERRCODE = 'check_violation';",
                            hash="533908827552cf28d6e1497c1ab0f17425b8c7ce",
                            operation="UPDATE",
                            pgid="pgtrigger_shipment_and_allocation_never_change_7dd19",
                            table="fulfillment_shipmentline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="picktask",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_claimed_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    UPDATE inventory_binstock b SET claimed = b.claimed + d.open\n    FROM (SELECT bin_id, sum(sign * (quantity - picked)) FILTER (WHERE status = 'open') AS open\n          FROM (SELECT 1 AS sign, * FROM new_rows) r GROUP BY 1) d\n    WHERE b.id = d.bin_id AND d.open <> 0;\n    RETURN NULL;\n",
                            hash="afdd85c2e83f25fc66a2c28a5ba18484ba1068b9",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_keep_claimed_insert_206a9",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="fulfillment_picktask",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="picktask",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_claimed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    UPDATE inventory_binstock b SET claimed = b.claimed + d.open\n    FROM (SELECT bin_id, sum(sign * (quantity - picked)) FILTER (WHERE status = 'open') AS open\n          FROM (SELECT 1 AS sign, * FROM new_rows UNION ALL SELECT -1 AS sign, * FROM old_rows) r GROUP BY 1) d\n    WHERE b.id = d.bin_id AND d.open <> 0;\n    RETURN NULL;\n",
                            hash="6fde104cbec9efcf8bbd674b45f32858a86aa94e",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_keep_claimed_update_94008",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="fulfillment_picktask",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="picktask",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_claimed_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    UPDATE inventory_binstock b SET claimed = b.claimed + d.open\n    FROM (SELECT bin_id, sum(sign * (quantity - picked)) FILTER (WHERE status = 'open') AS open\n          FROM (SELECT -1 AS sign, * FROM old_rows) r GROUP BY 1) d\n    WHERE b.id = d.bin_id AND d.open <> 0;\n    RETURN NULL;\n",
                            hash="1c72f5cf337d96af5bad9ce3bec51d4ad0ec8073",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_keep_claimed_delete_e97e8",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="fulfillment_picktask",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="picktask",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keys_name_rows",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="IF EXISTS (SELECT FROM (SELECT DISTINCT shipment_line_id AS key FROM new_rows WHERE shipment_line_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM fulfillment_shipmentline p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'shipment_line_id of % names no row of fulfillment_shipmentline', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; IF EXISTS (SELECT FROM (SELECT DISTINCT bin_id AS key FROM new_rows WHERE bin_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM inventory_binstock p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'bin_id of % names no row of inventory_binstock', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; RETURN NULL;",
                            hash="7fa0eac056f5557190c6e8606b89b3e9876564cc",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_keys_name_rows_301ef",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="fulfillment_picktask",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="picktask",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_keys_name_rows",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.shipment_line_id IS DISTINCT FROM OLD.shipment_line_id OR NEW.bin_id IS DISTINCT FROM OLD.bin_id)",
                            func="IF EXISTS (SELECT FROM (SELECT NEW.shipment_line_id AS key WHERE NEW.shipment_line_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM fulfillment_shipmentline p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'shipment_line_id of % names no row of fulfillment_shipmentline', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; IF EXISTS (SELECT FROM (SELECT NEW.bin_id AS key WHERE NEW.bin_id IS NOT NULL) k WHERE NOT EXISTS (SELECT FROM inventory_binstock p WHERE p.id = k.key)) THEN RAISE EXCEPTION 'bin_id of % names no row of inventory_binstock', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation'; END IF; RETURN NULL;",
                            hash="3bc9e5610c9d3ca3634748e5d15ef25d4143b564",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_keys_name_rows_5b7a8",
                            table="fulfillment_picktask",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="trackingevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="6bf1f8dd6eff8d62ffa7fcb9908996f85f1bf943",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f22e9",
                            table="fulfillment_trackingevent",
                            when="BEFORE",
                        ),
                    ),
                ),
            ],
        ),
        room_for_updates("fulfillment_shipmentline", 50),
        room_for_updates("fulfillment_picktask", 50),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0012_credit"),
        ("inventory", "0020_held_for_quotes"),
    ]

    operations = [
        migrations.CreateModel(
            name="RestrictedSale",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        help_text="with all categories below it",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inventory.category",
                        verbose_name="category",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        help_text="with the companies below it; or a group, one of the two",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="restricted_sales",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customergroup",
                        verbose_name="customer group",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        help_text="or a category, one of the two",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inventory.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "restricted sale",
                "verbose_name_plural": "restricted sales",
                "ordering": [
                    models.OrderBy(models.F("product__sku"), nulls_last=True),
                    models.OrderBy(models.F("category__name"), nulls_last=True),
                    models.OrderBy(models.F("group__name"), nulls_last=True),
                    models.OrderBy(models.F("customer__name"), nulls_last=True),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("product", "category", "customer", "group"),
                        name="named_once_for_a_restricted_sale",
                        nulls_distinct=False,
                        violation_error_message="This is there already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("category__isnull", False), ("product", None)),
                            models.Q(("category", None), ("product__isnull", False)),
                            _connector="OR",
                        ),
                        name="restricted_is_a_product_or_a_category",
                        violation_error_message="Choose a product or a category, one of the two.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("customer", None), ("group__isnull", False)),
                            models.Q(("customer__isnull", False), ("group", None)),
                            _connector="OR",
                        ),
                        name="restricted_to_a_customer_or_a_group",
                        violation_error_message="Choose a customer or a group, one of the two.",
                    ),
                ],
            },
        ),
    ]

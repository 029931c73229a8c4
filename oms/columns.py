"""Columns that many tables have."""

from typing import Any

from django.conf import settings
from django.db import models


def actor(verbose_name: Any) -> "models.ForeignKey[Any, Any]":
    """Return the column of who did it; nobody when the house did it by itself. No list asks by it, so no index."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=verbose_name,
    )

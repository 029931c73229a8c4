"""Carriers."""

from django.contrib import admin

from fulfillment.models import Carrier
from inventory.admin.base import ScopedAdmin


@admin.register(Carrier)
class CarrierAdmin(ScopedAdmin):
    list_display = ["name", "code", "kind", "tracking_url"]
    list_filter = ["kind"]
    search_fields = ["name", "^code"]
    ordering = ["name"]
    fields = ["code", "name", "kind", "tracking_url"]

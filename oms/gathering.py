"""What the apps declare in modules of an agreed name, so that oms gathers it without knowing an app."""

from functools import cache

from django.utils.module_loading import autodiscover_modules


@cache
def gather(*names: str) -> None:
    """Import each app's modules of these names. Looking for those that are not there takes long, so it is done once."""
    autodiscover_modules(*names)

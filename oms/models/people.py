"""Who works here, by which key machines do, and the lists they keep."""

from typing import Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person or a machine that acts. Roles are groups; see access.yml."""

    class Meta(AbstractUser.Meta):
        abstract = False

    def __str__(self) -> str:
        """The name that colleagues know; machines have only the one they sign in with."""
        return self.get_full_name() or self.get_username()


class Attempts(models.Model):
    """How often somebody without a login has tried something within a minute."""

    who = models.CharField(_("who"), max_length=80)
    what = models.CharField(_("what"), max_length=20)
    minute = models.DateTimeField(_("minute"))
    count = models.PositiveIntegerField(_("count"))

    class Meta:
        verbose_name = _("attempts")
        verbose_name_plural = _("attempts")
        constraints = [models.UniqueConstraint(fields=["who", "what", "minute"], name="one_count_per_minute")]

    def __str__(self) -> str:
        return f"{self.who} {self.what}"


class ApiClient(models.Model):
    """A key by which a machine signs in as `user`. Only the key's hash is kept."""

    name = models.CharField(_("name"), max_length=80)
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="api_clients", verbose_name=_("acts as")
    )
    key_hash = models.CharField(_("key hash"), max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, editable=False)

    class Meta:
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")

    def __str__(self) -> str:
        return self.name


class NamedViewQuerySet(models.QuerySet["NamedView"]):
    def visible_to(self, user: User) -> Self:
        """A person's own."""
        return self.filter(user=user)


class NamedView(models.Model):
    """How a person sees a list: `query` is its address behind the question mark, `about` the model it lists."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, db_index=False, related_name="views", verbose_name=_("person")
    )
    about = models.CharField(_("list"), max_length=80)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("filters and columns"), max_length=2000, blank=True)
    is_first = models.BooleanField(_("opened at first"), default=False)

    objects = NamedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("named view")
        verbose_name_plural = _("named views")
        constraints = [
            models.UniqueConstraint(fields=["user", "about", "name"], name="one_view_per_name_and_list"),
            models.UniqueConstraint(
                fields=["user", "about"],
                condition=models.Q(is_first=True),
                name="one_view_is_opened_at_first",
            ),
        ]

    def __str__(self) -> str:
        return self.name

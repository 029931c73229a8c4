"""What a person may do, read in one statement: Django asks for their own rights and for their groups' apart."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from oms.models import User
from oms.prepared import planned_once

RIGHTS = """
    SELECT c.app_label || '.' || p.codename
      FROM auth_permission p JOIN django_content_type c ON c.id = p.content_type_id
     WHERE %(everything)s
        OR p.id IN (SELECT permission_id FROM oms_user_user_permissions WHERE user_id = %(user)s)
        OR p.id IN (SELECT g.permission_id FROM auth_group_permissions g JOIN oms_user_groups m USING (group_id)
                     WHERE m.user_id = %(user)s)"""


class Rights(ModelBackend):
    """Names and passwords as Django checks them, and all rights of a person at once, kept as long as the person."""

    def get_all_permissions(self, user_obj: User | AnonymousUser, obj: Model | None = None) -> set[str]:
        if not isinstance(user_obj, User) or not user_obj.is_active or obj is not None:
            return set()
        kept: set[str] | None = getattr(user_obj, "_perm_cache", None)
        if kept is None:
            kept = rights_of(user_obj)
            user_obj._perm_cache = kept  # type: ignore[attr-defined] # where Django keeps them too
        return kept


def rights_of(user: User) -> set[str]:
    """Return the names of all rights, such as orders.view_order, that the person or one of their groups has."""
    with planned_once() as cursor:
        cursor.execute(RIGHTS, {"everything": user.is_superuser, "user": user.pk})
        return {name for (name,) in cursor.fetchall()}

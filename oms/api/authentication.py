"""Who is asking: a machine with a key. People come with the session of the site."""

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from oms.api.keys import client_with
from oms.models import ApiClient, User

SCHEME = "bearer"


class NotSignedIn(AuthenticationFailed):
    """One answer for unknown, expired and revoked keys and for people who left: it tells nothing."""

    default_detail = _("Sign in, or send a valid key as “Authorization: Bearer …”.")
    default_code = "not_authenticated"


class BearerKey(BaseAuthentication):
    """`Authorization: Bearer <key>`, where the key is one of an ApiClient."""

    def authenticate(self, request: Request) -> tuple[User, ApiClient] | None:
        scheme, _space, key = str(request.META.get("HTTP_AUTHORIZATION", "")).partition(" ")
        if scheme.lower() != SCHEME:
            return None
        client = client_with(key.strip())
        if client is None:
            raise NotSignedIn
        return client.user, client

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

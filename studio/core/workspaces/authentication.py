"""Sessions for browsers, tokens for scripts."""

from rest_framework import authentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from studio.core.errors import NotAllowed, Unauthenticated
from studio.core.workspaces import services


class TokenAuthentication(authentication.BaseAuthentication):
    """``Authorization: Bearer TOKEN``."""

    def authenticate(self, request: Request):
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = services.use_token(secret=secret.strip())
        if token is None:
            raise Unauthenticated("The token is unknown, revoked or expired.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="studio"'


class CookieAuthentication(authentication.SessionAuthentication):
    """Django's session, with the CSRF check."""

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as error:
            raise NotAllowed("The CSRF token is missing or old: reload the page and try again.") from error

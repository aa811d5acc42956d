"""Trace ids and the content security policy."""

import contextvars
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_trace: contextvars.ContextVar[str] = contextvars.ContextVar("trace", default="")

# Inline style attributes are how the canvas and the charts place things; scripts are ours alone.
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# Swagger's page starts itself with an inline script.
_DOCS_POLICY = _POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")


def current_trace() -> str:
    """Return the id under which this request's log lines can be found."""
    return _trace.get()


class TraceMiddleware:
    """Give each request an id that its log lines and its problem document carry."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        trace = uuid.uuid4().hex
        token = _trace.set(trace)
        try:
            response = self.get_response(request)
        finally:
            _trace.reset(token)
        response["X-Trace-Id"] = trace
        return response


class ContentSecurityMiddleware:
    """Say what a page of the studio may load: its own files, nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        docs = request.path.startswith("/api/docs")
        response.setdefault("Content-Security-Policy", _DOCS_POLICY if docs else _POLICY)
        if request.path.startswith("/api/") and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

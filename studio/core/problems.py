"""One shape for every failure that leaves the studio over HTTP."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db import DatabaseError, DataError
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions as rest
from rest_framework.response import Response

from designer.errors import DesignerError
from studio.core import errors
from studio.core.middleware import current_trace

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"


def handle(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Turn any exception of a view into a problem document (DRF's hook)."""
    request = context.get("request")
    problem = translate(exception)
    if problem.status >= 500 and not isinstance(problem, errors.Unavailable):
        logger.exception("Unhandled in %s", getattr(request, "path", "?"), exc_info=exception)
    return to_response(problem, getattr(request, "path", ""))


def to_response(problem: errors.StudioError, path: str) -> Response:
    response = Response(_document(problem, path), status=problem.status, content_type=MEDIA_TYPE)
    if problem.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="studio"'
    if "retry_after_s" in problem.extra:
        response["Retry-After"] = str(problem.extra["retry_after_s"])
    return response


def translate(exception: Exception) -> errors.StudioError:
    """Return the named problem that an exception stands for."""
    if isinstance(exception, errors.StudioError):
        return exception
    if isinstance(exception, DesignerError):
        return _from_designer(exception)
    if isinstance(exception, Http404):
        return errors.NotFound()
    if isinstance(exception, PermissionDenied | rest.PermissionDenied):
        return errors.NotAllowed(str(getattr(exception, "detail", "")) or "")
    if isinstance(exception, rest.AuthenticationFailed | rest.NotAuthenticated):
        return errors.Unauthenticated(str(exception.detail))
    if isinstance(exception, rest.MethodNotAllowed):
        return errors.MethodRefused(str(exception.detail))
    if isinstance(exception, rest.Throttled):
        wait = int(exception.wait or 60)
        return errors.TooMany(f"Too many tries. Wait {wait} s and try again.", retry_after_s=wait)
    if isinstance(exception, rest.UnsupportedMediaType):
        return errors.UnsupportedMedia(str(exception.detail))
    if isinstance(exception, rest.ParseError):
        return errors.InvalidInput(str(exception.detail))
    if isinstance(exception, rest.ValidationError):
        parts = list(_parts(exception.detail, ""))
        return errors.InvalidInput(
            parts[0].detail if len(parts) == 1 else f"{len(parts)} values cannot be used.",
            errors=parts,
        )
    if isinstance(exception, ValidationError):
        parts = [
            errors.Part("invalid", message, pointer=f"/{field}")
            for field, messages in getattr(exception, "message_dict", {"": exception.messages}).items()
            for message in messages
        ]
        return errors.InvalidInput(parts[0].detail if parts else "", errors=parts)
    if isinstance(exception, DataError | OverflowError):
        # A null byte, or a number that no column holds, in an address or a query.
        return errors.InvalidInput("A text or a number in the request is one that cannot be stored.")
    if isinstance(exception, RequestDataTooBig):
        return errors.TooLarge("The request body is larger than 17 MiB.")
    if isinstance(exception, OSError | DatabaseError) and (problem := errors.from_disk(exception)) is not None:
        return problem
    if isinstance(exception, rest.APIException):
        problem = errors.StudioError(str(exception.detail))
        problem.status = exception.status_code
        return problem
    return errors.StudioError("The studio failed while answering. The log has the cause under the trace id.")


def _from_designer(exception: DesignerError) -> errors.StudioError:
    """Return the kernel's error as one of ours: same code, title, status and fault."""
    problem = errors.StudioError(exception.detail, errors=exception.errors)
    problem.code, problem.title = exception.code, exception.title
    problem.status, problem.fault = exception.status, exception.fault
    if exception.fix:
        problem.extra["fix"] = exception.fix
    return problem


def _parts(detail: Any, pointer: str):
    """Walk DRF's nested error detail."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            yield from _parts(value, pointer if key == "non_field_errors" else f"{pointer}/{key}")
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            nested = isinstance(value, dict | list)
            yield from _parts(value, f"{pointer}/{index}" if nested else pointer)
    else:
        yield errors.Part(getattr(detail, "code", "invalid"), str(detail), pointer=pointer or None)


def _document(problem: errors.StudioError, path: str) -> dict[str, Any]:
    return {**problem.to_problem(), "instance": path, "trace_id": current_trace()}


def _plain(problem: errors.StudioError, request: HttpRequest) -> JsonResponse:
    return JsonResponse(_document(problem, request.path), status=problem.status, content_type=MEDIA_TYPE)


def csrf_failure(request: HttpRequest, reason: str = "") -> JsonResponse:
    """Answer a request whose CSRF token is missing or wrong (Django's hook)."""
    return _plain(
        errors.NotAllowed("The CSRF token is missing or old: reload the page and try again."),
        request,
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """Answer an address below /api that does not exist."""
    return _plain(errors.NotFound(f"There is no {request.path}."), request)


def server_error(request: HttpRequest) -> JsonResponse:
    """Answer when a failure escaped every view (Django's handler500)."""
    return _plain(translate(Exception()), request)


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Answer a request that Django itself refuses (handler400)."""
    return _plain(errors.InvalidInput(str(exception) or "The request is malformed."), request)

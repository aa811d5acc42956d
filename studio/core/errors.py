"""Every failure the studio names, for requests and activities alike (RFC 9457)."""

import errno
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Part:
    """One place where the input is wrong.

    Parameters
    ----------
    code : str
        Machine-readable kind.
    detail : str
        One sentence for a person.
    pointer : str or None
        JSON pointer (RFC 6901) into the request body.
    node, port, parameter : str or None
        Place in a pipeline.
    fix : str or None
        What to do about it.
    """

    code: str
    detail: str
    pointer: str | None = None
    node: str | None = None
    port: str | None = None
    parameter: str | None = None
    fix: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value is not None}


class StudioError(Exception):
    """Base of all problems.

    Parameters
    ----------
    detail : str
        What happened, where, and how to mend it.
    errors : list of Part
        The places, when there are several.
    **extra
        Further members of the problem document, such as ``current_revision``.
    """

    code = "internal"
    title = "Something inside the studio failed"
    status = 500
    fault = "platform"

    def __init__(
        self, detail: str = "", *, errors: Iterable[Part | dict[str, Any]] | None = None, **extra: Any
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.errors = [part.to_json() if isinstance(part, Part) else part for part in errors or []]
        self.extra = extra

    def to_problem(self) -> dict[str, Any]:
        """Return the problem document, without ``instance`` and ``trace_id``."""
        return {
            "type": f"/problems/{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "fault": self.fault,
            "errors": self.errors,
            **self.extra,
        }


class _UserError(StudioError):
    fault = "user"


class InvalidInput(_UserError):
    """A value in the request cannot be used."""

    code, title, status = "invalid_input", "The input cannot be used", 422


class Unauthenticated(_UserError):
    """No valid session or token came with the request."""

    code, title, status = "unauthenticated", "Sign in first", 401


class NotAllowed(_UserError):
    """The role does not allow the action, or the workspace is not the caller's."""

    code, title, status = "not_allowed", "Your role does not allow this", 403


class NotFound(_UserError):
    """It does not exist, or the caller may not see it."""

    code, title, status = "not_found", "Not found", 404


class MethodRefused(_UserError):
    """The address exists, the method does not."""

    code, title, status = "method_not_allowed", "This address does not take that method", 405


class Conflict(_UserError):
    """It contradicts what is there, such as a name that is taken."""

    code, title, status = "conflict", "This contradicts what is there", 409


class IllegalMove(Conflict):
    """The activity's state does not allow the change."""

    code, title = "illegal_move", "The state does not allow this"


class InUse(Conflict):
    """Something else needs it."""

    code, title = "in_use", "Something else still needs it"


class Stale(_UserError):
    """Somebody changed it meanwhile."""

    code, title, status = "stale", "Somebody changed it meanwhile", 412


class TooLarge(_UserError):
    """A limit of size is passed."""

    code, title, status = "too_large", "Too large", 413


class UnsupportedMedia(_UserError):
    """The body is of a kind the address does not read."""

    code, title, status = "unsupported_media", "The body is of a kind that cannot be read here", 415


class TooMany(_UserError):
    """A limit of rate or count is passed."""

    code, title, status = "too_many", "Too many", 429


class Unavailable(StudioError):
    """Something the studio depends on is down; try again later."""

    code, title, status = "unavailable", "A part of the studio is not reachable", 503


class DiskFull(StudioError):
    """The disk of the data folder has no room left."""

    code, title, status = "disk_full", "The studio's disk is full", 507


class DiskReadOnly(StudioError):
    """The data folder cannot be written."""

    code, title, status = "disk_read_only", "The studio's data folder cannot be written", 507


class StepFailed(_UserError):
    """A step's component refused its data or parameters."""

    code, title, status = "step_failed", "The step failed", 422


class UserCodeFailed(_UserError):
    """The user's own code raised an exception or exited with an error."""

    code, title, status = "user_code_failed", "The code failed", 422


class LimitExceeded(_UserError):
    """A limit of memory, time or size was passed while computing."""

    code, title, status = "limit_exceeded", "A limit was exceeded", 422


class InputsMissing(_UserError):
    """A step needs the output of a step that did not complete."""

    code, title, status = "inputs_missing", "A step before it did not complete", 422


class WorkerLost(StudioError):
    """The worker vanished and no attempt is left."""

    code, title, status = "worker_lost", "The worker vanished", 500


def from_disk(error: BaseException) -> StudioError | None:
    """Return the named problem when an error says that the disk is full or cannot be written, else None.

    Parameters
    ----------
    error : BaseException
        What was raised, by the file system or by a database in a file.

    Returns
    -------
    DiskFull, DiskReadOnly or None
        Nothing was kept of what failed: it can be done again.
    """
    number, text = getattr(error, "errno", None), str(error)
    if number in (errno.ENOSPC, errno.EDQUOT) or "database or disk is full" in text:
        return DiskFull("The studio's disk is full, so nothing was kept. Make room, then do it again.")
    if number == errno.EROFS or "attempt to write a readonly database" in text:
        return DiskReadOnly(
            "The studio's data folder cannot be written, so nothing was kept. Make it writable, then do it again."
        )
    return None

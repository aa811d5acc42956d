"""Every failure of the kernel, in the one shape that the whole studio shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from designer.issues import Issue


class DesignerError(Exception):
    """Base of the kernel's errors.

    Parameters
    ----------
    detail : str
        What happened, in one or two plain sentences.
    fix : str, optional
        What the reader can do about it.
    errors : iterable of dict, optional
        Finer findings: ``code``, ``detail``, ``fix`` and where they stand.
    """

    code: ClassVar[str] = "designer_error"
    title: ClassVar[str] = "Something went wrong"
    status: ClassVar[int] = 500
    fault: ClassVar[str] = "platform"

    def __init__(self, detail: str, *, fix: str | None = None, errors: Iterable[dict[str, Any]] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.fix = fix
        self.errors = list(errors)

    def to_problem(self) -> dict[str, Any]:
        """Return the problem document (RFC 9457 plus our members).

        Returns
        -------
        dict
            ``type``, ``title``, ``status``, ``detail``, ``code``, ``fault``, ``errors``, ``fix``.
        """
        return {
            "type": f"/problems/{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "fault": self.fault,
            "errors": self.errors,
            "fix": self.fix,
        }


class GraphInvalid(DesignerError):
    """A graph that cannot be read, or cannot be compiled.

    Parameters
    ----------
    issues : sequence of Issue
        What is wrong, one entry per place.
    """

    code = "graph_invalid"
    title = "The pipeline is not valid"
    status = 422
    fault = "user"

    def __init__(self, issues: Sequence[Issue]) -> None:
        first = issues[0].message if issues else "The pipeline is not valid."
        more = f" (and {len(issues) - 1} more)" if len(issues) > 1 else ""
        super().__init__(first + more, errors=[issue.to_error() for issue in issues])
        self.issues = list(issues)


class UnknownComponent(DesignerError):
    """No component of this name and version is installed."""

    code = "unknown_component"
    title = "Unknown component"
    status = 404
    fault = "user"


class ComponentInvalid(DesignerError):
    """A component's declaration contradicts itself; raised when it is imported."""

    code = "component_invalid"
    title = "A component is declared wrongly"


class StepFailed(DesignerError):
    """A step could not do its work with the data and parameters it was given.

    Parameters
    ----------
    code : str
        Short machine word for the cause, such as ``missing_values``.
    detail : str
        What is wrong: names the column and samples of rows where there are any.
    fix : str
        What to change.
    parameter, port : str, optional
        Where the fault lies.
    columns : sequence of str, optional
        Columns concerned.
    rows : sequence of int, optional
        A sample of row numbers concerned, counted from 0.
    """

    code = "step_failed"
    title = "The step failed"
    status = 422
    fault = "user"

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        fix: str,
        parameter: str | None = None,
        port: str | None = None,
        columns: Sequence[str] = (),
        rows: Sequence[int] = (),
    ) -> None:
        error: dict[str, Any] = {"code": code, "detail": detail, "fix": fix}
        if parameter:
            error["parameter"] = parameter
        if port:
            error["port"] = port
        if columns:
            error["columns"] = list(columns)
        if rows:
            error["rows"] = [int(row) for row in rows]
        super().__init__(detail, fix=fix, errors=[error])
        self.cause = code


class UserCodeFailed(StepFailed):
    """The user's own code raised, or returned what cannot be used."""

    code = "user_code_failed"
    title = "Your code failed"

    def __init__(self, code: str, detail: str, *, fix: str, traceback: str | None = None, **where: Any) -> None:
        super().__init__(code, detail, fix=fix, **where)
        if traceback:
            self.errors[0]["traceback"] = traceback
        self.traceback = traceback


class LimitExceeded(DesignerError):
    """A step used more than it was allowed."""

    code = "limit_exceeded"
    title = "The step ran into a limit"
    status = 422
    fault = "user"


class PlatformFault(DesignerError):
    """Our own fault: the step broke where it should not be able to."""

    code = "platform_fault"
    title = "The studio made a mistake"

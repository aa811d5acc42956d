"""Running a user's script: its bundle, its entry point, its tables and its tracebacks."""

from __future__ import annotations

import contextlib
import linecache
import lzma
import shutil
import stat
import sys
import tempfile
import traceback
import types
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from designer.errors import StepFailed, UserCodeFailed
from designer.types import File, Table

if TYPE_CHECKING:
    import polars

ENTRY = "azureml_main"
FILE_NAME = "script.py"
MAX_BUNDLE_BYTES = 512 * 1024 * 1024
MAX_BUNDLE_FILES = 10_000
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, lzma.LZMAError)


def run_script(script: str, first: Table | None, second: Table | None, bundle: File | None) -> tuple[Table, Table]:
    """Run a script's entry point in this process.

    Parameters
    ----------
    script : str
        Python that defines ``azureml_main``.
    first, second : Table or None
        Its arguments, handed over as pandas data frames.
    bundle : File or None
        A zip archive that is put on the module path.

    Returns
    -------
    tuple of two Table
        What it returned; an empty table takes the place of a frame that is not there.

    Raises
    ------
    UserCodeFailed
        When the script raises, or returns what is not a data frame.
    StepFailed
        When the bundle cannot be unpacked safely.
    """
    with _bundle_on_path(bundle):
        frames = [None if table is None else table.frame.to_pandas() for table in (first, second)]
        module = types.ModuleType("__studio_script__")
        module.__file__ = FILE_NAME
        # The traceback module finds the source lines of a script that is in no file here.
        linecache.cache[FILE_NAME] = (len(script), None, script.splitlines(keepends=True), FILE_NAME)
        sys.modules[module.__name__] = module
        try:
            with _explaining_failures():
                exec(compile(script, FILE_NAME, "exec"), module.__dict__)
            entry = getattr(module, ENTRY, None)
            if not callable(entry):
                raise UserCodeFailed(
                    "no_entry_point",
                    f"The script does not define a function {ENTRY}.",
                    fix=f"Define {ENTRY}(dataframe1, dataframe2) and return the tables from it.",
                    parameter="script",
                )
            with _explaining_failures():
                answer = entry(*frames[: _accepted_arguments(entry)])
        finally:
            sys.modules.pop(module.__name__, None)
    return _to_tables(answer, first, second)


def _accepted_arguments(entry: Any) -> int:
    import inspect

    try:
        parameters = inspect.signature(entry).parameters.values()
    except (TypeError, ValueError):
        return 2
    if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters):
        return 2
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return min(2, len(positional))


@contextlib.contextmanager
def _explaining_failures() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        raise
    except MemoryError:
        raise
    except SyntaxError as error:
        if error.filename != FILE_NAME:
            raise _failure(error) from None
        raise UserCodeFailed(
            "syntax_error",
            f"Line {error.lineno} of the script is not Python: {error.msg}.",
            fix="Correct that line.",
            parameter="script",
            traceback="".join(traceback.format_exception_only(error)),
        ) from None
    except BaseException as error:  # noqa: BLE001 - a script may also call sys.exit
        raise _failure(error) from None


def _failure(error: BaseException) -> UserCodeFailed:
    text = fold_traceback(error)
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == FILE_NAME]
    where = f" in line {lines[-1]}" if lines else ""
    message = str(error)[:2000]
    detail = f"{type(error).__name__}{where}: {message}" if message else f"{type(error).__name__}{where}."
    fixes = {
        ModuleNotFoundError: "Add the module to the script bundle, or use one that is installed.",
        PermissionError: "The script may read its inputs, and write to its run directory only.",
        SystemExit: f"Return from {ENTRY} instead of leaving the program.",
    }
    fix = next(
        (text for kind, text in fixes.items() if isinstance(error, kind)),
        "Correct the script; the traceback shows where.",
    )
    return UserCodeFailed("script_raised", detail, fix=fix, parameter="script", traceback=text)


def fold_traceback(error: BaseException) -> str:
    """Format a traceback with the user's frames, and a count of the library frames between them.

    Parameters
    ----------
    error : BaseException
        What the script raised.

    Returns
    -------
    str
        The traceback, the user's lines first.
    """
    frames = traceback.extract_tb(error.__traceback__)
    own = [index for index, frame in enumerate(frames) if frame.filename == FILE_NAME]
    kept = list(frames)[own[0] :] if own else list(frames)[-3:]
    lines, folded = ["Traceback (most recent call last):\n"], 0
    for frame in kept:
        if frame.filename != FILE_NAME and ("site-packages" in frame.filename or frame.filename.startswith("<frozen")):
            folded += 1
            continue
        if folded:
            lines.append(f"  … {folded} frames of libraries\n")
            folded = 0
        lines += traceback.format_list([frame])
    if folded:
        lines.append(f"  … {folded} frames of libraries\n")
    return "".join(lines + traceback.format_exception_only(error))


@contextlib.contextmanager
def _bundle_on_path(bundle: File | None) -> Iterator[None]:
    if bundle is None:
        yield
        return
    folder = Path(tempfile.mkdtemp(prefix="bundle-", dir=Path.cwd() if _is_writable_here() else None))
    try:
        unpack_bundle(bundle.path, folder)
        sys.path.insert(0, str(folder))
        before = set(sys.modules)
        try:
            yield
        finally:
            sys.path.remove(str(folder))
            for name in set(sys.modules) - before:
                # The next script in this process may bring another module of the same name.
                if str(getattr(sys.modules[name], "__file__", None) or "").startswith(str(folder)):
                    del sys.modules[name]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_writable_here() -> bool:
    """Say whether the working directory is a run directory, the only place an isolated script may write."""
    return Path("spec.json").is_file() and Path("outputs").is_dir()


def unpack_bundle(archive: Path, folder: Path) -> None:
    """Unpack a zip archive without leaving the folder.

    Parameters
    ----------
    archive : Path
        A zip archive.
    folder : Path
        An empty folder.

    Raises
    ------
    StepFailed
        When it is no zip, holds links or paths that lead outside, or is too large.
    """

    def refuse(detail: str, fix: str) -> StepFailed:
        return StepFailed("unsafe_bundle", detail, fix=fix, port="script_bundle")

    try:
        with zipfile.ZipFile(archive) as opened:
            members = opened.infolist()
            if len(members) > MAX_BUNDLE_FILES:
                raise refuse(f"The bundle has more than {MAX_BUNDLE_FILES:,} files.", "Leave files out.")
            left = MAX_BUNDLE_BYTES
            for member in members:
                name = PurePosixPath(member.filename.replace("\\", "/"))
                if name.is_absolute() or ".." in name.parts or ":" in member.filename or "\0" in member.filename:
                    raise refuse(
                        f"The bundle holds a path that leads outside: {member.filename[:200]!r}.",
                        "Make the archive anew.",
                    )
                if stat.S_ISLNK(member.external_attr >> 16):
                    raise refuse(f"The bundle holds a link: {member.filename[:200]!r}.", "Put the file itself in.")
                target = folder / name
                if member.is_dir():
                    target.mkdir(parents=True, exist_ok=True)
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(member) as source, target.open("wb") as sink:
                    # The size in the directory of the archive may lie, so what comes out is counted.
                    while chunk := source.read(1024 * 1024):
                        left -= len(chunk)
                        if left < 0:
                            raise refuse(
                                f"The bundle unpacks to more than {MAX_BUNDLE_BYTES // 2**20} MiB.", "Leave files out."
                            )
                        sink.write(chunk)
    except (*_BROKEN_ZIP, EOFError, RuntimeError, NotImplementedError, OSError) as error:
        raise refuse(f"The script bundle cannot be unpacked: {error}.", "Give it a plain zip archive.") from error


def _to_tables(answer: Any, first: Table | None, second: Table | None) -> tuple[Table, Table]:
    import polars

    if answer is None:
        answer = ()
    elif not isinstance(answer, (tuple, list)):
        answer = (answer,)
    if len(answer) > 2:
        raise UserCodeFailed(
            "too_many_results",
            f"The script returned {len(answer)} values; there are two outputs.",
            fix="Return one or two data frames.",
            parameter="script",
        )
    tables = []
    for number, value in enumerate(answer, start=1):
        if value is None:
            tables.append(Table(polars.DataFrame()))
            continue
        frame = _to_polars(value, number)
        # A column that kept its name kept its meaning, as far as we can know.
        known = first or second
        tables.append(known.with_frame(frame) if known else Table(frame))
    tables += [Table(polars.DataFrame())] * (2 - len(tables))
    return tables[0], tables[1]


def _to_polars(value: Any, number: int) -> polars.DataFrame:
    import pandas
    import polars

    if isinstance(value, polars.DataFrame):
        return value
    if not isinstance(value, pandas.DataFrame):
        raise UserCodeFailed(
            "not_a_table",
            f"Result {number} of the script is a {type(value).__name__}, not a data frame.",
            fix="Return pandas or polars data frames, for example: return dataframe1,",
            parameter="script",
        )
    names = [str(name) for name in value.columns]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UserCodeFailed(
            "duplicate_column",
            f"Result {number} of the script has two columns called {twice[0]!r}.",
            fix="Rename one of them.",
            parameter="script",
            columns=twice,
        )
    try:
        return polars.from_pandas(value.set_axis(names, axis=1).reset_index(drop=True))
    except Exception as error:
        mixed = next((name for name in names if _is_mixed(value.iloc[:, names.index(name)])), names[0] if names else "")
        raise UserCodeFailed(
            "mixed_column",
            f"The column {mixed!r} of result {number} holds values of several types: {str(error)[:500]}",
            fix="Give the column one type, for example with astype(str).",
            parameter="script",
            columns=[mixed],
        ) from error


def _is_mixed(column: Any) -> bool:
    return column.dtype == object and len({type(value) for value in column.dropna().head(1000)}) > 1

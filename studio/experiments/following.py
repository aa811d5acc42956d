"""What the keeper does for a run at work: pass on its log, progress and metrics."""

from pathlib import Path

from django.conf import settings

from designer.rundir import RunDirectory
from studio.core.activity import events, lifecycle
from studio.core.activity.models import Activity
from studio.core.units import unit
from studio.experiments import children

# A log that grows faster than this is not sent whole to browsers: they read the rest by page.
LOG_EVENT_BYTES = 64 * 1024
_logged: dict[tuple[str, int], int] = {}
_spooled: dict[tuple[str, int], int] = {}


def run_folder(activity: Activity) -> Path:
    """Return where an attempt's run directory lies; each attempt has its own."""
    return settings.DATA / "runs" / activity.pk.hex[:8] / f"{activity.pk.hex}-{activity.attempt}"


def log_path(activity: Activity) -> str:
    """Return where an attempt's log lies, below the data folder."""
    return str(RunDirectory(run_folder(activity)).log.relative_to(settings.DATA))


def follow(activity: Activity) -> None:
    """Tell what is new since the last look (called by the keeper, once a heartbeat)."""
    if not activity.log_path:
        return
    directory = RunDirectory((settings.DATA / activity.log_path).parent.parent)
    key = (activity.pk.hex, activity.attempt)
    _follow_log(activity, directory.log, key)
    lines = directory.read_spool(after=_spooled.get(key, 0))
    if lines:
        _spooled[key] = lines[-1]["n"]
        store_spool(activity, lines)
    if len(_logged) > 1000:
        _logged.clear()
        _spooled.clear()


def _follow_log(activity: Activity, log: Path, key: tuple[str, int]) -> None:
    try:
        size = log.stat().st_size
    except FileNotFoundError:
        return
    start = _logged.get(key, 0)
    if size <= start:
        return
    with log.open("rb") as file:
        file.seek(start)
        data = file.read(LOG_EVENT_BYTES)
    _logged[key] = size
    with unit():
        events.announce_log(activity, offset=start, text=data.decode("utf-8", "replace"))


def store_spool(activity: Activity, lines: list[dict]) -> None:
    """Store the metrics and children of some spool lines and show the newest progress; repeated lines do no harm."""
    if metrics := [line for line in lines if line["kind"] == "metric"]:
        children.log(activity, activity.lease, metrics)
    if told := [line for line in lines if line["kind"] in ("child", "child_metric")]:
        children.store(activity, told)
    if progress := [line for line in lines if line["kind"] == "progress"]:
        last = progress[-1]
        lifecycle.note_progress(activity, progress=last.get("value"), phase=str(last.get("phase") or ""))

"""Named versions of a draft: autosave keeps the last state, these keep the ones worth keeping."""

from django.db.models import Max, QuerySet

from studio.core.errors import NotFound
from studio.core.units import announce, unit
from studio.core.workspaces.models import User
from studio.pipelines import services
from studio.pipelines.models import Draft, DraftVersion


def versions(draft: Draft) -> QuerySet[DraftVersion]:
    """Return a draft's versions, newest first."""
    return DraftVersion.objects.select_related("created_by").filter(draft=draft)


def version(draft: Draft, number: int) -> DraftVersion:
    """Return one version (raises NotFound)."""
    found = versions(draft).filter(number=number).first()
    if found is None:
        raise NotFound(f"{draft.name} has no version {number}.")
    return found


def save_version(*, actor: User, draft: Draft, name: str = "", note: str = "") -> DraftVersion:
    """Keep the drawing as it is now under a name.

    Parameters
    ----------
    actor : User
        Who asked.
    draft : Draft
        What to keep.
    name, note : str
        For people; a blank name becomes ``Version N``.

    Returns
    -------
    DraftVersion
        With the draft's next number. It never changes.
    """
    with unit():
        # The row is the lock, so that two people at once get two numbers.
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        number = (DraftVersion.objects.filter(draft=locked).aggregate(last=Max("number"))["last"] or 0) + 1
        made = DraftVersion(
            draft=locked,
            number=number,
            name=name.strip() or f"Version {number}",
            note=note,
            revision=locked.revision,
            graph=locked.graph,
            view=locked.view,
            created_by=actor,
        )
        made.full_clean(exclude=["graph", "view"])
        made.save()
        announce(draft.workspace_id, "pipelines.draft_changed", {"draft": str(draft.pk)})
    return made


def restore_version(*, actor: User, draft: Draft, number: int, revision: int | None) -> Draft:
    """Make a version the drawing again; what was there before is kept as a version of its own.

    Parameters
    ----------
    actor : User
        Who asked.
    draft : Draft
        The draft.
    number : int
        Which version.
    revision : int or None
        The revision the caller has seen; None takes the present one.

    Returns
    -------
    Draft
        At its next revision.

    Raises
    ------
    NotFound
        If there is no such version.
    Stale
        If somebody else saved since ``revision``.
    """
    found = version(draft, number)
    with unit():
        latest = versions(draft).first()
        if latest is None or (latest.graph, latest.view) != (draft.graph, draft.view):
            save_version(actor=actor, draft=draft, name=f"Before restoring {found.name}"[:200])
        return services.save_draft(
            actor=actor, draft=draft, revision=revision or draft.revision, graph=found.graph, view=found.view
        )

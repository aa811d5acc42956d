"""Named versions of drafts: kept, found again, restored without losing what was there."""

import pytest

from studio.core import errors
from studio.pipelines import services, versions
from tests import factories

pytestmark = pytest.mark.django_db(databases=["default", "metrics"])


def drawn(*titles: str) -> dict:
    return factories.graph(*[(f"n{i}", "enter_data_manually@1", {"data": title}) for i, title in enumerate(titles)])


def save(draft, owner, graph):
    return services.save_draft(actor=owner, draft=draft, revision=draft.revision, graph=graph, view={"positions": {}})


def test_a_version_is_kept_and_restored(workspace, owner):
    draft = services.create_draft(actor=owner, workspace=workspace, name="Drawing", graph=drawn("a"))
    first = versions.save_version(actor=owner, draft=draft, name="Before the deadline", note="It worked.")
    draft = save(draft, owner, drawn("a", "b"))
    restored = versions.restore_version(actor=owner, draft=draft, number=1, revision=draft.revision)
    assert restored.graph == first.graph and restored.revision == 3
    assert [(row.number, row.name) for row in versions.versions(draft)] == [
        (2, "Before restoring Before the deadline"),
        (1, "Before the deadline"),
    ]
    assert len(versions.version(draft, 2).graph["nodes"]) == 2, "what was there before is not lost"
    assert versions.restore_version(actor=owner, draft=restored, number=2, revision=None).graph == drawn_dump("a", "b")


def drawn_dump(*titles: str) -> dict:
    from designer.graph import PipelineGraph

    return PipelineGraph.parse(drawn(*titles)).dump()


def test_restoring_respects_what_others_saved(workspace, owner):
    draft = services.create_draft(actor=owner, workspace=workspace, name="Drawing", graph=drawn("a"))
    versions.save_version(actor=owner, draft=draft)
    seen = draft.revision
    draft = save(draft, owner, drawn("b"))
    with pytest.raises(errors.Stale):
        versions.restore_version(actor=owner, draft=draft, number=1, revision=seen)
    assert versions.versions(draft).count() == 1, "a refused restore keeps nothing"
    with pytest.raises(errors.NotFound):
        versions.restore_version(actor=owner, draft=draft, number=9, revision=None)

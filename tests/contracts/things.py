"""One of everything, with real ids by the names that addresses use."""

from studio.core.workspaces import invitations
from studio.core.workspaces import services as people
from studio.core.workspaces.models import User, Workspace
from studio.datasets import uploads
from studio.pipelines import services as pipelines
from studio.pipelines import versions
from studio.pipelines.models import Step
from tests import factories
from tests.studio.test_orchestration import NUMBERS, chain, draw, run_all

# Placeholders whose value is an id of something inside one workspace.
OWNED = frozenset({"dataset", "activity", "run", "step", "draft", "upload", "user", "invitation"})


def things(workspace: Workspace, owner: User) -> dict[str, str]:
    """Make a dataset, a draft with a version, a run that ended, and what else an address can name.

    A run is named by ``run``; ``step`` is the run of one of its steps, which is what has outputs and a log.
    """
    version = factories.dataset(workspace, owner, NUMBERS, "numbers")
    draft = draw(workspace, owner, chain("numbers"))
    kept = versions.save_version(actor=owner, draft=draft, name="First")
    run = pipelines.submit(actor=owner, draft=draft)
    assert set(run_all(run).values()) == {"completed"}
    upload = uploads.create(actor=owner, workspace=workspace, file_name="a.csv", size_bytes=3)
    invitation, secret = invitations.invite(actor=owner, workspace=workspace, role="reader", days=1)
    token, _ = people.create_token(user=owner, name="thing")
    return {
        "dataset": str(version.dataset_id),
        "activity": str(run.pk),
        "run": str(run.pk),
        "step": str(Step.objects.get(pipeline_id=run.pk, node="c").run_id),
        "draft": str(draft.pk),
        "upload": str(upload.pk),
        "invitation": str(invitation.pk),
        "secret": secret,
        "token": str(token.pk),
        "user": str(owner.pk),
        "number": str(kept.number),
        "port": "dataset",
        "datastore": "workspaceblobstore",
    }

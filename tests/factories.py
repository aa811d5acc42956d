"""Things in possible states only: every factory goes through the services."""

import itertools
from pathlib import Path

from django.conf import settings

from studio.core.activity.working import working
from studio.core.workspaces import services as people
from studio.core.workspaces.models import User, Workspace
from studio.datasets import preparing
from studio.datasets import services as datasets
from studio.datasets.models import DatasetVersion
from tests.drawings import graph

__all__ = ["csv_file", "dataset", "graph", "member", "prepared", "user", "workspace"]
_numbers = itertools.count(1)


def user(name: str | None = None) -> User:
    return people.create_user(username=name or f"user{next(_numbers)}")


def workspace(owner: User, name: str | None = None) -> Workspace:
    return people.create_workspace(actor=owner, name=name or f"space-{next(_numbers)}")


def member(space: Workspace, role: str) -> User:
    somebody = user()
    people.add_member(workspace=space, username=somebody.username, role=role)
    return somebody


def csv_file(text: str) -> Path:
    path = settings.DATA / "tmp" / f"factory-{next(_numbers)}.csv"
    path.write_text(text)
    return path


def dataset(space: Workspace, actor: User, text: str = "a,b\n1,x\n2,y\n", name: str | None = None) -> DatasetVersion:
    """A dataset with one version, prepared as a worker would."""
    version = datasets.create_dataset(
        actor=actor,
        workspace=space,
        name=name or f"data{next(_numbers)}",
        source={"file": csv_file(text)},
        options=None,
    )
    return prepared(version)


def prepared(version: DatasetVersion) -> DatasetVersion:
    working(str(version.activity_id), preparing.prepare_version)
    version.refresh_from_db()
    version.activity.refresh_from_db()
    return version

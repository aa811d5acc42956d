"""What all tests share: people, workspaces, data, and a running studio."""

import os

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

import pytest
from hypothesis import HealthCheck, settings

from tests.stack import Stack, start_stack

# The same examples every time; how long making them takes says something about the machine only.
settings.register_profile(
    "studio", derandomize=True, max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("studio")


@pytest.fixture(scope="session")
def stack() -> Stack:
    """A whole studio, started as a user starts it; shared by the tests of one process."""
    running = start_stack()
    yield running
    running.stop()


@pytest.fixture
def private_stack() -> Stack:
    """A studio of the test's own, which it may maim."""
    running = start_stack()
    yield running
    running.stop()


@pytest.fixture
def space(stack: Stack):
    """A fresh workspace on the shared studio, so that no test sees another's things."""
    return stack.new_workspace()


@pytest.fixture
def owner(db):
    from tests import factories

    return factories.user("owner")


@pytest.fixture
def workspace(owner):
    from tests import factories

    return factories.workspace(owner)


@pytest.fixture(autouse=True)
def _both_databases(request):
    """Let every database test use the metrics database too."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None and "db" in request.fixturenames:
        request.node.add_marker(pytest.mark.django_db(databases=["default", "metrics"]))


@pytest.fixture(autouse=True)
def _forget_throttles():
    """Let no test be slowed down by the sign-ins of another."""
    from django.core.cache import cache

    cache.clear()

"""Every operation of the OpenAPI document answers as the document says, whatever it is asked.

Requests are made from the schema (fixed seed): half of them as it asks, half of them wrong; half with ids of things
that exist, half with ids of nothing. What an answer does is undone.
"""

import json

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from studio.core.workspaces import services as people
from tests.contracts.things import things

pytestmark = [pytest.mark.django_db(databases=["default", "metrics"]), pytest.mark.xdist_group("schema")]
EXAMPLES = 5
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# What a reading operation cannot do without, in words of `things`.
NEEDED = {"compareRuns": {"runs": "{run},{run}"}, "search": {"q": "numbers"}}
# Nobody has asked for this profile before: it begins. A run that completed has nothing to resume.
OTHERWISE = {"listDatasetFiles": 409, "getOutputProfile": 202, "getResumptionPlan": 409}


def document() -> dict:
    from drf_spectacular.generators import SchemaGenerator

    return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True)))


SCHEMA = schemathesis.openapi.from_dict(document())
SCHEMA.app = get_wsgi_application()
OPERATIONS = {found.ok().definition.raw["operationId"]: found.ok() for found in SCHEMA.get_all_operations()}
READS = sorted(name for name, operation in OPERATIONS.items() if operation.method == "get")


@pytest.fixture
def world(workspace, owner):
    """Ids of one of everything, and its owner's token; requests share the test's connection."""
    _, secret = people.create_token(user=owner, name="schema")
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield {"workspace": workspace.name, **things(workspace, owner)}, secret
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def ids(operation, known: dict[str, str]) -> dict[str, str]:
    """Real ids for the placeholders of an address; outputs are those of a step."""
    run = known["step"] if "{port}" in operation.path else known["run"]
    names = [parameter.name for parameter in operation.path_parameters]
    return {name: run if name == "run" else known[name] for name in names}


def ask(case, world):
    """Call the application, check the answer, undo what it did."""
    _, secret = world
    with transaction.atomic(), transaction.atomic("metrics"):
        try:
            headers = {"Authorization": f"Bearer {secret}"}
            response = case.call(base_url="http://localhost", headers=headers)
        finally:
            transaction.set_rollback(True)
            transaction.set_rollback(True, "metrics")
    case.validate_response(response, checks=CHECKS)
    return response


def test_every_operation_is_tried():
    assert len(OPERATIONS) == sum(len(operations) for operations in document()["paths"].values()) > 80


def wrong(names, ask_one) -> str:
    """Ask all; what went wrong, by the operation's name."""
    found = []
    for name in names:
        try:
            ask_one(name)
        except (AssertionError, FailureGroup) as failure:
            found.append(f"== {name}: {failure}")
    return "\n".join(found)


def test_what_exists_is_read_as_described(world):
    known, _ = world

    def read(name):
        operation = OPERATIONS[name]
        query = {key: value.format(**known) for key, value in NEEDED.get(name, {}).items()}
        response = ask(operation.Case(path_parameters=ids(operation, known), query=query), world)
        assert response.status_code == OTHERWISE.get(name, 200), response.content[:500]

    failures = wrong(READS, read)
    assert not failures, failures


def test_whatever_is_asked_is_answered_as_described(world):
    known, _ = world

    def try_out(name):
        operation = OPERATIONS[name]
        kinds = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

        @seed(0)
        @settings(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=kinds, real=st.booleans())
        def answered(case, real):
            given_ids = ids(operation, known)
            for placeholder in given_ids if real else {"workspace"} & given_ids.keys():
                case.path_parameters[placeholder] = given_ids[placeholder]
            ask(case, world)

        answered()

    failures = wrong(sorted(OPERATIONS), try_out)
    assert not failures, failures

"""Every route: one problem shape, one table of roles, no leak into another workspace. WS-2, WS-3."""

import itertools
import json
import re
import uuid

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.views import APIView

from studio.core import errors
from studio.core.workspaces import services as people
from studio.core.workspaces.access import ACTIONS, WorkspaceView
from tests import factories
from tests.contracts.things import OWNED, things

pytestmark = pytest.mark.django_db(databases=["default", "metrics"])
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def walk(patterns, prefix="") -> list[tuple[str, type]]:
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += walk(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "cls", None) or getattr(pattern.callback, "view_class", None)
            if view is not None and issubclass(view, APIView):
                found.append((prefix + str(pattern.pattern), view))
    return found


ROUTES = [(path, view) for path, view in walk(get_resolver().url_patterns) if path.startswith("api/")]
INSIDE = [(path, view) for path, view in ROUTES if issubclass(view, WorkspaceView)]


def filled(path: str, workspace: str) -> str:
    """An address with every placeholder filled; ids are of nothing."""
    path = path.replace("<str:workspace>", workspace).replace("<int:number>", "1")
    for kind in ("uuid", "str"):
        while f"<{kind}:" in path:
            start = path.index(f"<{kind}:")
            end = path.index(">", start)
            path = path[:start] + (str(uuid.uuid4()) if kind == "uuid" else "nothing") + path[end + 1 :]
    return "/" + path


def methods(view) -> list[str]:
    return [method for method in METHODS if hasattr(view, method.lower())]


def assert_problem(response, status: int | None = None) -> dict:
    """The one assertion for every failure."""
    assert response.headers["Content-Type"] == "application/problem+json", response.content[:300]
    problem = json.loads(response.content)
    assert {"type", "title", "status", "detail", "code", "fault", "errors", "instance", "trace_id"} <= problem.keys()
    assert problem["status"] == response.status_code and problem["detail"] and problem["fault"] in ("user", "platform")
    assert "Traceback" not in response.content.decode()
    if status is not None:
        assert response.status_code == status, problem
    return problem


def client_of(user) -> Client:
    _, secret = people.create_token(user=user, name="test")
    return Client(headers={"authorization": f"Bearer {secret}"})


def call(client, method, path, body="{}"):
    return client.generic(method, path, body, content_type="application/json")


def test_there_are_routes_to_walk():
    assert len(INSIDE) > 40
    for path, view in INSIDE:
        assert set(methods(view)) == set(view.actions), path
        assert set(view.actions.values()) <= set().union(*ACTIONS.values()), path


def test_without_a_sign_in_every_route_answers_401(workspace):
    for path, view in ROUTES:
        if view.permission_classes and view.permission_classes[0].__name__ == "AllowAny":
            continue
        for method in methods(view):
            assert_problem(call(Client(), method, filled(path, workspace.name)), 401)


def test_a_stranger_gets_403_everywhere_and_sees_no_workspace_ws_2(workspace):
    stranger = client_of(factories.user())
    for path, view in INSIDE:
        for method in methods(view):
            known = assert_problem(call(stranger, method, filled(path, workspace.name)), 403)
            unknown = assert_problem(call(stranger, method, filled(path, "no-such-space")), 403)
            assert known["code"] == unknown["code"], "existing and missing workspaces look the same"
    assert json.loads(stranger.get("/api/workspaces").content) == []


@pytest.mark.parametrize("role", sorted(ACTIONS))
def test_roles_decide_route_by_route(workspace, role):
    client = client_of(factories.member(workspace, role))
    for path, view in INSIDE:
        for method in methods(view):
            response = call(client, method, filled(path, workspace.name))
            if view.actions[method] in ACTIONS[role]:
                assert response.status_code != 403, (method, path, response.content[:300])
                assert response.status_code < 500, (method, path, response.content[:300])
                if response.status_code >= 400:
                    assert_problem(response)
            else:
                assert_problem(response, 403)
            if method == "DELETE" and path.endswith("<str:workspace>") and response.status_code == 204:
                type(workspace).objects.filter(pk=workspace.pk).update(archived_at=None)


def test_ids_of_another_workspace_find_nothing_ws_3(workspace, owner):
    known = things(workspace, owner)
    thief = factories.user()
    own = factories.workspace(thief)
    client = client_of(thief)
    tried = set()
    for path, view in INSIDE:
        if not any(f":{name}>" in path for name in OWNED):
            continue
        address = path.replace("<str:workspace>", own.name)
        if "<str:port>" in path:
            address = address.replace("<uuid:run>", known["step"])
        for kind, name in itertools.product(("uuid", "str", "int"), known):
            address = address.replace(f"<{kind}:{name}>", known[name])
        assert "<" not in address, f"tests/contracts/things.py has nothing for {path}"
        for method in methods(view):
            body = json.dumps(
                {
                    "graph": {"nodes": [], "edges": []},
                    "view": {},
                    "role": "reader",
                    "source": {"upload": known["upload"]},
                    "name": "Taken",
                    "selection": {"nodes": ["c"]},
                }
            )
            response = call(client, method, "/" + address, body)
            assert response.status_code in (404, 422), (method, address, response.content[:200])
            assert_problem(response)
            tried.add((method, path))
    assert len(tried) > 45


def test_real_ids_are_found_where_they_are_ws_3(workspace, owner):
    """The other half of the walk above: in their own workspace the same ids answer, so a 404 there says something."""
    known, client = things(workspace, owner), client_of(owner)
    for path, view in INSIDE:
        if "GET" not in methods(view) or not any(f":{name}>" in path for name in OWNED):
            continue
        address = path.replace("<str:workspace>", workspace.name)
        address = address.replace("<uuid:run>", known["step"]) if "<str:port>" in path else address
        for kind, name in itertools.product(("uuid", "str", "int"), known):
            address = address.replace(f"<{kind}:{name}>", known[name])
        assert call(client, "GET", "/" + address, "").status_code in (200, 202, 409), address


def test_the_walk_knows_every_operation_of_the_schema():
    from drf_spectacular.generators import SchemaGenerator

    def plain(path: str) -> str:
        return "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", path)

    walked = {(method, plain(path)) for path, view in ROUTES for method in methods(view)}
    told = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    described = {(method.upper(), path) for path, operations in told.items() for method in operations}
    assert described <= walked, described - walked
    inside = {(method, plain(path)) for path, view in INSIDE for method in methods(view)}
    ours = {(method, path) for method, path in described if "{workspace}" in path}
    assert ours == inside, "every operation with a workspace in its address asks the table of roles"


def test_every_problem_has_its_own_code():
    def below(kind):
        for child in kind.__subclasses__():
            yield child
            yield from below(child)

    kinds = [kind for kind in below(errors.StudioError) if not kind.__name__.startswith("_")]
    codes = [kind.code for kind in kinds]
    assert len(codes) == len(set(codes)) and len(kinds) > 15
    for kind in kinds:
        document = kind("What happened.").to_problem()
        assert document["status"] == kind.status and document["title"][0].isupper()


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/session", "{not json", 422),
        ("POST", "/api/session", '{"username": "a"}', 422),
        ("POST", "/api/session", '{"username": "a", "password": "b"}', 401),
        ("GET", "/api/no-such-thing", "", 404),
        ("GET", "/api/workspaces/one/runs/%0A/steps", "", 404),
        ("POST", "/api/components", "{}", 405),
        ("POST", "/api/workspaces", '{"name": "UPPER case"}', 422),
        ("POST", "/api/workspaces", '{"name": "a\\u0000b"}', 422),
        ("POST", "/api/workspaces", json.dumps({"name": "x" * 10_000}), 422),
        ("POST", "/api/workspaces", "[1, 2]", 422),
        ("POST", "/api/workspaces", "null", 422),
    ],
)
def test_bad_requests_get_one_problem(owner, method, path, body, status):
    assert_problem(call(client_of(owner), method, path, body), status)


def test_a_session_needs_the_csrf_token(owner, workspace):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(owner)
    assert_problem(call(browser, "POST", "/api/workspaces", '{"name": "other"}'), 403)


def test_hostile_names_are_kept_as_text_and_change_nothing_else(owner, workspace):
    client = client_of(owner)
    for text in ("<script>alert(1)</script>", "=HYPERLINK(1)", "'; DROP TABLE x; --", "\u202eevil", "name " * 30):
        response = call(client, "POST", f"/api/workspaces/{workspace.name}/drafts", json.dumps({"name": text.strip()}))
        assert response.status_code == 201, response.content
        assert json.loads(response.content)["name"] == text.strip()
    assert_problem(
        call(client, "POST", f"/api/workspaces/{workspace.name}/drafts", json.dumps({"name": "x" * 10_000})), 422
    )
    for name in ("sort", "cursor", "limit", "status"):
        assert_problem(client.get(f"/api/workspaces/{workspace.name}/runs?{name}=%00%27bad"), 422)


def test_pages_say_what_may_be_loaded(client):
    response = client.get("/health")
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy and "frame-ancestors 'none'" in policy


def test_the_schema_is_open_and_names_every_operation(client):
    from drf_spectacular.generators import SchemaGenerator

    assert client.get("/api/schema/").status_code == 200
    document = SchemaGenerator().get_schema(request=None, public=True)
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    ids = [operation["operationId"] for operation in operations]
    assert len(ids) == len(set(ids)) and all("_" not in name for name in ids), [name for name in ids if "_" in name]
    assert all("default" in operation["responses"] for operation in operations)


def test_what_no_column_holds_is_refused_not_a_failure(owner, workspace):
    client, base = client_of(owner), f"/api/workspaces/{workspace.name}"
    version = f"{base}/datasets/{uuid.uuid4()}/versions/{10**30}"
    for path in (f"{base}/runs?search=%00", f"{base}/datasets?search=a%00", f"{base}/search?q=%00", version):
        response = client.get(path)
        assert response.status_code < 500, (path, response.content)
        if response.status_code >= 400:
            assert_problem(response)


def test_guessing_passwords_is_slowed_down(client, db):
    body = json.dumps({"username": "owner", "password": "guess"})
    answers = [call(client, "POST", "/api/session", body) for _ in range(21)]
    assert {answer.status_code for answer in answers[:20]} == {401}
    assert_problem(answers[20], 429)
    assert int(answers[20].headers["Retry-After"]) > 0


def test_the_api_can_be_tried_in_a_browser(client):
    response = client.get("/api/docs/")
    assert response.status_code == 200 and b"swagger" in response.content.lower()

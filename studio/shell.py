"""The one HTML page: it mounts the front end."""

import functools
import json
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie


@functools.cache
def _assets(manifest: Path, stamp: float) -> dict:
    """Return the entry's files from Vite's manifest: script, preloads, styles."""
    entries = json.loads(manifest.read_text())
    entry = next(item for item in entries.values() if item.get("isEntry"))
    styles, preloads, seen = [], [], set()

    def visit(item: dict) -> None:
        for name in item.get("css", []):
            if name not in styles:
                styles.append(name)
        for key in item.get("imports", []):
            if key not in seen:
                seen.add(key)
                preloads.append(entries[key]["file"])
                visit(entries[key])

    visit(entry)
    return {"script": entry["file"], "styles": styles, "preloads": preloads}


@ensure_csrf_cookie
def page(request: HttpRequest) -> HttpResponse:
    """Answer every address of the browser with the shell."""
    manifest = settings.FRONTEND_MANIFEST
    if not manifest.exists():
        return HttpResponse(
            "The front end is not built. Run `make run`, or `make build`.",
            status=503,
            content_type="text/plain",
        )
    assets = _assets(manifest, manifest.stat().st_mtime)
    response = render(request, "shell.html", {"assets": assets})
    response["Cache-Control"] = "no-cache"
    return response


def health(request: HttpRequest) -> JsonResponse:
    """Say whether the web process reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})

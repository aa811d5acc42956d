"""``manage.py run_sample NAME``: a sample pipeline through the REST API, followed to its end."""

import json
import sys
import time
import urllib.error
import urllib.request
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

WORKSPACE = "sample"
ENDED = ("completed", "failed", "canceled")


class Command(BaseCommand):
    help = "Submit a sample pipeline to the running studio and follow it."
    requires_system_checks = ()

    def add_arguments(self, parser) -> None:
        parser.add_argument("name", nargs="?")
        parser.add_argument("--list", action="store_true", help="Name the samples.")
        parser.add_argument("--json", action="store_true", help="Print one JSON document.")
        parser.add_argument("--port", type=int, default=settings.PORT)

    def handle(self, *args, name: str | None, list: bool, json: bool, port: int, **options) -> None:
        self.url = f"http://{settings.HOST}:{port}"
        samples = self._call("GET", "/api/samples")
        if list or name is None:
            self._print_samples(samples, json)
            return
        sample = next((item for item in samples if item["name"] == name), None)
        if sample is None:
            known = ", ".join(item["name"] for item in samples)
            raise CommandError(f"There is no sample {name!r}. There are {known}.")
        run = self._submit(sample)
        run = self._follow(run, quiet=json)
        report = self._report(run)
        if json:
            self._write_json(report)
        else:
            self._print_report(report)
        if report["status"] != "completed":
            sys.exit(1)

    def _print_samples(self, samples: list[dict[str, Any]], as_json: bool) -> None:
        if as_json:
            self._write_json([item["name"] for item in samples])
            return
        for item in samples:
            self.stdout.write(f"{item['name']:<24} {item['title']}")

    def _write_json(self, value: Any) -> None:
        self.stdout.write(json.dumps(value, indent=1))

    def _submit(self, sample: dict[str, Any]) -> dict[str, Any]:
        base = f"/api/workspaces/{WORKSPACE}/drafts"
        search = urllib.request.quote(sample["title"])
        found = self._call("GET", f"{base}?search={search}&limit=200")["results"]
        draft = next((item for item in found if item["name"] == sample["title"]), None)
        if draft is None:
            draft = self._call("POST", base, {"name": sample["title"], "sample": sample["name"]})
        return self._call("POST", f"{base}/{draft['id']}/runs", {})

    def _follow(self, run: dict[str, Any], *, quiet: bool) -> dict[str, Any]:
        seen: dict[str, str] = {}
        address = f"/api/workspaces/{WORKSPACE}/runs/{run['id']}"
        while True:
            run = self._call("GET", address)
            for step in self._call("GET", f"{address}/steps"):
                if seen.get(step["id"]) != step["status"]:
                    seen[step["id"]] = step["status"]
                    if not quiet and step["status"] not in ("not_started", "queued"):
                        self.stdout.write(f"  {step['title']:<32} {step['status']}")
            if run["status"] in ENDED:
                return run
            time.sleep(0.1)

    def _report(self, run: dict[str, Any]) -> dict[str, Any]:
        steps = self._call("GET", f"/api/workspaces/{WORKSPACE}/runs/{run['id']}/steps")
        return {
            "run": f"{self.url}/w/{WORKSPACE}/runs/{run['id']}",
            "status": run["status"],
            "steps": [
                {
                    "name": step["title"],
                    "status": step["status"],
                    "duration_s": step["duration_s"],
                    "reused_from": step["reused_from"]["number"] if step["reused_from"] else None,
                }
                for step in steps
            ],
            "metrics": run["metrics"],
            **({"failure": run["failure"]} if run["failure"] else {}),
        }

    def _print_report(self, report: dict[str, Any]) -> None:
        self.stdout.write("")
        for step in report["steps"]:
            origin = f"reused from run {step['reused_from']}" if step["reused_from"] else ""
            self.stdout.write(f"{step['name']:<32} {step['duration_s'] or 0:>8.2f} s  {step['status']} {origin}")
        for name, value in report["metrics"].items():
            self.stdout.write(f"{name:<32} {value}")
        if "failure" in report:
            self.stdout.write(report["failure"]["detail"])
        self.stdout.write(f"\n{report['status']}: {report['run']}")

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        token = settings.DATA / "owner.token"
        if not token.exists():
            raise CommandError("No studio has run on this data folder yet. Start it with `make run`.")
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {token.read_text().strip()}",
                "Content-Type": "application/json",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            problem = json.loads(error.read() or b"{}")
            raise CommandError(problem.get("detail") or str(error)) from error
        except urllib.error.URLError as error:
            raise CommandError(f"The studio does not answer at {self.url}. Start it with `make run`.") from error

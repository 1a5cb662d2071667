"""Versions of the tool, of its profiles and of the documents it writes."""

from functools import lru_cache

VERSION = "0.1.0"
SCHEMAS = {"estimate": "dcestimate/estimate/1", "why": "dcestimate/why/1", "profile": "dcestimate/profile/1",
           "profiles": "dcestimate/profiles/1", "regions": "dcestimate/regions/1", "units": "dcestimate/units/1",
           "validation": "dcestimate/validation/1", "comparison": "dcestimate/comparison/1",
           "diagram": "dcestimate/diagram/1", "capacity": "dcestimate/capacity/1",
           "rollout": "dcestimate/rollout/1", "diff": "dcestimate/diff/1", "workbook": "dcestimate/workbook/1",
           "verification": "dcestimate/verification/1"}


def tool_version():
    return VERSION


@lru_cache(maxsize=4)
def profiles_version(root):
    """Twelve digits that change when any shipped profile does."""
    import hashlib
    from pathlib import Path

    digest = hashlib.sha256()
    for path in sorted(p for p in Path(root).rglob("*") if p.suffix in (".toml", ".csv")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]

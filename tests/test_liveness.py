"""Every figure of every shipped profile changes some quantity, or some warning, of a request that uses it."""

import numpy as np

from dcestimate.figures import DESIGNS, PLACED, figures, to_arrays
from dcestimate.profile_kinds import GRAPH, LISTED
from dcestimate.request import lines

CHANGES = (lambda x: x * 1.5, lambda x: x * 0.5, lambda x: x * 3 + 1, lambda x: x * 0.97, lambda x: x - 12, lambda x: 0 * x)


def requests(library):
    """Requests that between them use every shipped profile."""
    for chip in library.names("chip"):
        yield chip, {}
    for cooling in library.names("cooling"):
        yield from ((chip, {"cooling": cooling}) for chip in ("gb300", "h100-sxm"))
    for kind in ("power", "space", "fabric"):
        yield from (("gb200" if name == "liquid-hall" or kind != "space" else "h100-sxm", {kind: name})
                    for name in library.names(kind))
    for name in library.names("workload"):
        yield "gb200", {"workload": name}
    for system in library.names("system"):
        yield system, {"fabric": "quantum-2"}
    for system in library.names("system"):  # one that is sold without a fabric, given one: its rails come alive
        if library.load("system", system).figures["fabric_ports_per_system"].value == 0:
            yield system, {"settings": ["fabric_ports_per_system=1 1/system"]}
    # chilled water stored for a restart
    yield "h100-sxm", {"settings": ["thermal_storage_time=10 min"]}
    # an air-cooled system converted to cold plates, and a site above the knee of generator ratings
    yield "h100-sxm", {"settings": ["liquid_share=0.8", "elevation=2000 m"]}
    # the press's 30 TFLOP/s of an H100, below which the warning of a rate too low for its power begins
    yield "h100-sxm", {"settings": ["dense_bf16_rate=30 TFLOP/s/chip"]}
    # outside air locked out where nothing else cools
    yield "h100-sxm", {"cooling": "air-direct", "settings": ["trim_share=0"]}


def moves(values, name, change):
    """Whether a change of one figure, inside its bounds, changes any quantity or what any check says."""
    given = GRAPH.givens[name.rpartition(".")[2]]
    array = values[given.name]
    changed = np.array(np.broadcast_to(array, (1, 1, 2 if given.stream else array.shape[2], array.shape[3])))
    at = {"air": 0, "liquid": 1}.get(name.partition(".")[0] if "." in name else "", slice(None))
    before = changed[0, 0, at].copy()
    after = np.clip(change(before), -np.inf if given.low is None else given.low,
                    np.inf if given.high is None else given.high)
    if np.array_equal(before, after):
        return False
    changed[0, 0, at] = after
    found = GRAPH.change(values, {given.name: changed})
    if any(not np.array_equal(found[q], values[q]) for q in GRAPH.affected({given.name}) if q in values):
        return True
    checks = [c for c in GRAPH.checks.values() if set(c.parameters) <= set(found)]
    return any(not np.array_equal(*(c(*[v[p] for p in c.parameters]) for v in (found, values))) for c in checks)


def test_every_shipped_figure_is_alive(library):
    dead = {(kind, n, key): f for kind in (*LISTED, "defaults", "physics") for n in library.names(kind)
            for key, f in library.load(kind, n).figures.items() if f.profile.name == n}
    wanted = [(chip, "us-east-1", more) for chip, more in requests(library)]
    wanted += [(chip, region, {}) for region in library.names("region") for chip in ("h100-sxm", "gb200")]
    for chip, region, more in wanted:
        line = lines(library, "20,003", chip, region, **more)[0]
        taken = figures(library, line)
        values = GRAPH.evaluate(to_arrays([taken], [0], [line.count]), taken.missing)
        names = {kind: [getattr(line, kind)] for kind in (*DESIGNS, *PLACED)}
        names |= {"defaults": ["defaults"], "physics": ["physics"], "workload": library.names("workload")}
        for kind, used in names.items():
            for n in used:
                for key, figure in library.load(kind, n).figures.items():
                    owner = (kind, figure.profile.name, key)
                    given = taken.inputs.get(key)
                    if owner in dead and given is not None and given.origin is figure and any(
                            moves(values, key, change) for change in CHANGES):
                        del dead[owner]
    assert [" ".join(d) for d in sorted(dead)] == []

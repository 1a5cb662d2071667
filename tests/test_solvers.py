"""What is solved is solved: more steps change no shipped design, and batches equal single estimates."""

from dataclasses import replace as replaced

import numpy as np
import pytest

from dcestimate.arrays import solve
from dcestimate.estimation import estimate
from dcestimate.figures import figures, to_arrays
from dcestimate.parts import chunks
from dcestimate.request import lines

REGIONS = ("us-east-1", "ap-southeast-2", "ap-southeast-6", "eu-west-2", "me-central-1", "eu-north-1")


def finer(item):
    """A solved quantity with four times its steps."""
    def root(low, high, *args):
        return solve(item.function, low, high, 48, *args)

    return replaced(item, call=root)


@pytest.mark.parametrize("cooling", ["air-chiller", "air-tower", "dlc-dry", "dlc-tower", "immersion", "rear-door",
                                     "water-source"])
def test_more_steps_change_nothing(library, graph, cooling):
    """Cooling energy of the year within 1e-4 of the converged one, the least that tables show."""
    order = graph.order
    for region in REGIONS:
        line = lines(library, "20k", "gb300", region, cooling=cooling)[0]
        taken = figures(library, line)
        given = to_arrays([taken], [0], [line.count])
        shipped = graph.evaluate(given, taken.missing)["annual_cooling_energy"].item()
        graph.order = [finer(item) if item.solved else item for item in order]
        try:
            converged = graph.evaluate(given, taken.missing)["annual_cooling_energy"].item()
        finally:
            graph.order = order
        assert shipped == pytest.approx(converged, rel=1e-4), region


def test_a_batch_is_its_lines(library):
    """Designs, regions and settings mixed, an hourly climate among them: each line as it is alone."""
    asked = [line for region in ("us-east-1", "ap-southeast-1", "sa-east-1")
             for cooling in ("air-chiller", "air-evaporative", "dlc-tower", "fixed-overhead")
             for power in ("2n", "rack-batteries", "dc-800")
             for line in lines(library, "3000", "gb300", region, cooling=cooling, power=power)]
    together = estimate(library, asked)
    for line, one in zip(asked, together.deployments, strict=True):
        alone = estimate(library, [line]).deployments[0]
        assert one.warnings == alone.warnings
        for name, value in alone.to_dict().items():
            if isinstance(value, float):
                assert one.to_dict()[name] == pytest.approx(value, rel=1e-9, abs=1e-12), (line, name)


def test_a_long_year_does_not_lengthen_the_others(library):
    """Years of many rows are computed apart, or every line would have as many."""
    keys = [line.designs for line in lines(library, "3000", "gb300", "us-east-1")] * 3
    found = figures(library, keys[0])
    rows = np.full(8760, 3600.0)
    hourly = replaced(found, climate=(rows * 0 + 290, rows * 0 + 285, rows))
    other = replaced(keys[0], settings=(("spare_share", "1 %"),))
    together = chunks([keys[0], other, keys[0]], {keys[0]: found, other: hourly})
    assert sorted(map(sorted, together)) == [[0, 2], [1]]

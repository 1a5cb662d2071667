"""Halls on outside air: what they draw in, what locks it out, and what is said when it does not suffice."""

import pytest

STOCKHOLM = {"region": "eu-north-1", "cooling": "air-direct"}


def test_what_rejectors_breathe_again_does_not_enter_the_hall(run):
    """The extremes of Stockholm are 32.38 degC dry, and 25.34 wet with 30.85 dry: pads of 0.85 give 26.2 degC, enough.

    A condenser in the same yard stands in air that is warmer by the allowance.
    """
    found = [run("100k", "h100-sxm", settings=(f"recirculation_allowance={a} K", f"wet_recirculation_allowance={a} K"),
                 **STOCKHOLM) for a in (0, 5)]
    none, five = (one.deployments[0].values() for one in found)
    assert [one.chiller_count for one in found] == [0, 0]
    for name in ("outside_air_free_share", "outside_air_temperature"):
        assert (none[name] == five[name]).all()
    extreme = 273.15 + 32.38
    assert five["dry_bulb"][..., 0].item() == pytest.approx(extreme)
    assert five["entering_dry_bulb"][..., 0].item() == five["entering_dry_bulb"][..., -2].item() == pytest.approx(extreme + 5)
    assert (five["entering_dry_bulb"] == five["dry_bulb"])[..., 2:-2].all()

"""The model: what a fleet needs, quantity by quantity. Rooms meet through names; none imports another."""

from . import (
    chillers,
    climate,
    cooling,
    dry_coolers,
    fabric,
    feasibility,
    floor,
    heat,
    loop,
    metrics,
    power,
    racks,
    rejection,
    servers,
    standby,
    swings,
    switchgear,
    totals,
    tower_modes,
    towers,
    water,
)

MODEL = (servers, fabric, racks, climate, heat, cooling, loop, rejection, dry_coolers, towers, tower_modes, chillers,
         feasibility, power, switchgear, standby, swings, water, floor, totals, metrics)

"""The model: what a fleet needs, quantity by quantity. Rooms meet through names; none imports another."""

from . import (
    chiller_ranges,
    chillers,
    climate,
    cooling,
    dry_coolers,
    fabric,
    feasibility,
    floor,
    free_cooling,
    heat,
    lock_outs,
    loop,
    metrics,
    power,
    racks,
    rejection,
    servers,
    source_water,
    standby,
    swings,
    switchgear,
    totals,
    tower_modes,
    towers,
    ups,
    water,
)

MODEL = (servers, fabric, racks, climate, heat, cooling, loop, rejection, dry_coolers, source_water, towers, tower_modes,
         chillers, chiller_ranges, free_cooling, feasibility, lock_outs, ups, power, switchgear, standby, swings, water,
         floor, totals, metrics)

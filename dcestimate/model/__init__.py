"""The model: what a fleet needs, quantity by quantity. Rooms meet through names; none imports another."""

from . import chillers, climate, cooling, fabric, floor, heat, power, racks, rejection, servers, totals, water

MODEL = (servers, fabric, racks, climate, heat, cooling, rejection, chillers, power, water, floor, totals)

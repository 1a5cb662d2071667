"""What fits within limits: how many whole systems, which limit stops the next one, and what a unit of each is worth.

A count of systems *fits* when every limited result of a fresh estimate is within its limit. The answer is the largest
count that fits together with all smaller ones. Results do not rise evenly: where every block of a plant gains a unit,
fans and pumps run slower and power steps down, so some counts above the answer may fit again; these are looked for, and
stated apart.
"""

from .fleet import MANY, Capacity, capacity, in_report_unit, not_several, single

__all__ = ["MANY", "Capacity", "capacity", "in_report_unit", "not_several", "single"]

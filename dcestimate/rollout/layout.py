"""The layout of a plan as a table: one row for each thing stated, with a column for each quarter.

    site,region,what,unit,value,2026Q4,2027Q2,2027Q4,note
    fleet,,deadline,,2027Q4,,,,
    fleet,,mix.gb300,%,100,,,,
    us-east-1,us-east-1,chips,,,20000,,60000,
    us-east-1,us-east-1,power,MW,,60,150,,
    us-east-1,us-east-1,per_accelerator.power,kW/chip,2.1,,,,

``what`` is a key of a plan document, or a table and a key of it; the rows of the site "fleet" say what holds for the plan
as a whole, and a name with a row of ``sites`` is what these share. What changes over time stands under its quarters, and
stays as it is where a cell is empty; all else stands under ``value``. A number is in the row's unit, and a text with a unit
in that. ``note`` says why, as where a limit shrinks. Rows that begin with "#" are not read.
"""

import re

from ..limits import ADDITIVE
from .sites import DESIGNS, SHARED, SITE

COLUMNS = ("site", "region", "what", "unit", "value", "note")
NEEDED = ("site", "region", "what")
WHOLE = "fleet"
# rows of the fleet and where a plan document has them
FLEET = {"schema": (), "name": (), "deadline": (), "start": (), "total": ("fleet",), "mix": ("fleet",),
         "workload": ("fleet",), "supply": ("fleet",), "objective": ("allocate",), "settings": ()}
OF_SITE = tuple(key for key in SITE if key not in ("name", "region", "note"))
OF_SHARED = tuple(key for key in SHARED if key not in ("name", "note"))
# tables of a document, and a key of each
MEMBERS = {"chips": "gb300", "added": "gb300", "mix": "gb300", "workload": "inference", "supply": "gb300",
           "settings": "provision_ratio", "existing": "power", "per_accelerator": "power", "ordered": "substation",
           "lead_time": "substation"}
ALONE = ("chips", "added", "mix", "workload")  # tables that may also be one text
DATED = ("chips", "added", "supply", *ADDITIVE)
COUNTS = ("chips", "added", "supply", "total", "ramp")
PLAIN = ("schema", "name", "deadline", "start", "objective", "whole", "sites", "ordered", *DESIGNS)  # have no unit
ACCELERATORS = ("", "chip", "chips", "accelerator", "accelerators", "gpu", "gpus")
MULTIPLES = ("k", "m", "thousand", "million")
BARE = re.compile(r"[+-]?[0-9][0-9.,_ ]*(?:[eE][+-]?[0-9]+)?|[+-]?\.[0-9]+")
SEARCHED = 20  # rows in which the header is looked for
EXAMPLES = {"schema": "{} in a row of what schema", "deadline": "a row of site fleet, what deadline, value 2027Q4",
            "site": "a row of a site, its region, what chips and a number under a quarter",
            "region": "us-east-1 in column region", "mix": "a row of what mix.gb300, unit %, value 100",
            "dated": "{} under a quarter such as 2027Q4", "shared": "a row of what sites, value north; south",
            "sites": "north; south in column value", "limit": "a row of what power, unit MW, value 200"}

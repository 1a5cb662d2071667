"""A plan of forty sites, twelve quarters and four systems: checked as it stands, and allocated."""

import tempfile
from pathlib import Path

from timing import process, seconds

QUARTERS = [f"20{26 + n // 4}Q{n % 4 + 1}" for n in range(12)]
HEAD = """schema = "dcestimate/plan/1"
start = "2026Q1"
deadline = "2028Q4"
[fleet]
total = "2M"
mix = { gb300 = "40 %", gb200 = "20 %", trainium2 = "30 %", b200 = "10 %" }
"""


def plan(regions, decided):
    """The plan's text: every site has 25 to 33 MW more each quarter, and floor and water."""
    parts = [HEAD]
    for n, region in enumerate(regions):
        step = 25 + n % 9
        power = ", ".join(f'{q} = "{step * (k + 1)} MW"' for k, q in enumerate(QUARTERS))
        parts.append(f'[[site]]\nregion = "{region}"\npower = {{ {power} }}\nwater = "3000 m3/d"\n')
        parts.append('white_space = "20000 m2"\n')
        if decided:
            chips = ", ".join(f'{q} = "{step * (k + 1) * 300}"' for k, q in enumerate(QUARTERS))
            parts.append(f"chips = {{ {chips} }}\n")
    return "".join(parts)


def run():
    """Print the time of a check and of an allocation: alone, with the profiles read; anew; and as a whole command."""
    from dcestimate.profiles import Library
    from dcestimate.rollout.allocate import allocate
    from dcestimate.rollout.check import check
    from dcestimate.rollout.files import read

    regions = Library().names("region")[:40]
    print(f"\n{'plan of 40 sites, 12 quarters, 4 systems':44}{'profiles read':>15}{'anew':>9}{'command':>10}{'target':>9}")
    with tempfile.TemporaryDirectory() as folder:
        for name, work, decided, target in (("checked", check, True, 1), ("allocated and checked", allocate, False, 3)):
            path = Path(folder) / f"{name[:5]}.toml"
            path.write_text(plan(regions, decided), encoding="utf-8")
            library = Library()
            read_ = read(path, library)
            anew, *again = (seconds(lambda work=work, library=library, read_=read_: work(library, read_)) for _ in range(4))
            command = min(process(["-m", "dcestimate", "rollout", "check", str(path)], folder, (0, 4))[1] for _ in range(3))
            print(f"{name:44}{min(again):>13.2f} s{anew:>7.2f} s{command:>8.2f} s{f'< {target} s':>9}")

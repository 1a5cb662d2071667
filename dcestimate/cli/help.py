"""Texts that are answered without loading anything: version, top-level help, exit codes."""

from ..version import SCHEMAS, VERSION

HELP = """\
Usage: dcestimate [OPTIONS] COMMAND [ARGS]...

  From accelerator counts to racks, power, cooling, water and floor space.

Examples:
  dcestimate estimate 100k --chip gb200 --region us-east-1
  dcestimate estimate 500k --chip gb300:60%,trainium2:40% --region eu-north-1
  dcestimate capacity "250 MW" --chip gb200 --region us-east-1
  dcestimate rollout show aws-1m-gpus
  dcestimate why facility_peak_power 100k --chip gb200 --region us-east-1
  dcestimate units convert "100 TR" kW

Commands:
  estimate   accelerators -> racks, power, cooling, water, floor   (alias: est)
             --range adds how sure each number is
  capacity   MW, m2, water, racks -> chips; says what binds       (alias: cap)
  compare    alternatives of one option or two side by side        (alias: cmp)
             --per chip | rack | MW | EFLOP; --plan a.toml,b.toml
  batch      a CSV or workbook, a deployment a row -> the same with results
  rollout    new | show | check | fit  a plan over regions and quarters
  diff       two estimates or plans: what differs, and which input did it
  why        trace one number: formula, inputs, sources        (alias: explain)
             --diagram power | heat | water draws the chain
  report     an estimate or a plan to hand over: -o FILE.xlsx, .html, .md
  verify     recompute such a workbook and compare every number
  validate   published numbers of real systems and sites against the tool's own
  profiles   list | show | validate    chips, systems and designs, with sources
  regions    list | show | near | new  places, weather and grid; one of your own
  units      list | convert "100 TR" kW
  schema     JSON Schema of estimate, capacity, why, diagram, comparison, ...
  help       exit-codes

Options (before or after the command):
  -f, --format FMT    table | json | csv | tsv | md | jsonl   [default: table]
                      those that a command writes: COMMAND -h
      --json, --csv   same as --format json, --format csv
  -o, --output PATH   write there, in the format of its suffix
  -u, --units SYS     si | us, in tables and CSV                 [default: si]
      --in DIM=UNIT   show one dimension in a unit: --in power=GW
      --digits N      significant digits in tables                [default: 4]
      --full          all columns
  -P, --profiles DIR  extra profile folder, may repeat; later wins
  -s, --set NAME=VAL  override a figure: -s "rack_power_limit=140 kW/rack"
      --seed N        seed for anything random                    [default: 0]
      --timestamp     write the time into JSON
  -q, --quiet         no notes or warnings
  -v, --verbose       list assumptions and sources; -vv adds timings
      --no-color      accepted; the output has no colour
      --debug         show Python tracebacks
  -V, --version       versions of the tool, its profiles and its documents
  -h, --help          this text

Run 'dcestimate COMMAND -h' for a command's own options.
"""

EXIT_CODES = """\
code  meaning
----  ------------------------------------------------------------------------
0     done
1     the tool failed: a bug, an unreadable file, a full disk
2     usage: a bad option or value, an unknown name, a request that cannot be
3     a profile or input file is faulty; every fault with file and line
4     a check that was asked for says no
130   interrupted
"""


def version():
    """Versions of the tool, of its shipped profiles and of its documents."""
    from pathlib import Path

    from ..version import profiles_version

    checkout = Path(__file__).resolve().parents[2] / "profiles"
    root = checkout if (checkout / "physics.toml").is_file() else Path(__file__).resolve().parents[1] / "_profiles"
    return (f"dcestimate {VERSION}\nprofiles {profiles_version(root)}\n"
            f"schemas {', '.join(SCHEMAS.values())}\n")

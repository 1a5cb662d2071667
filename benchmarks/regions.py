"""Every shipped region with eight designs: the model alone, and the whole of an estimate with its figures and checks."""

from timing import median_time

DESIGNS = ("air-chiller", "air-direct", "air-evaporative", "air-tower", "dlc-dry", "dlc-tower", "rear-door", "immersion")


def run():
    """Print both times; the model's arrays are made beforehand, in the chunks that an estimate makes."""
    from dcestimate.estimation import estimate
    from dcestimate.figures import figures, to_arrays
    from dcestimate.parts import SHOWN, chunks
    from dcestimate.profile_kinds import GRAPH
    from dcestimate.profiles import Library
    from dcestimate.request import lines

    library = Library()
    regions = library.names("region")
    asked = [line for region in regions for design in DESIGNS
             for line in lines(library, "10k", "gb300", region, cooling=design)]
    keys = [line.designs for line in asked]
    known = {key: figures(library, key) for key in keys}
    together = [[known[keys[i]] for i in chunk] for chunk in chunks(keys, known)]
    given = [(to_arrays(found, range(len(found)), [10_000] * len(found)),
              set.intersection(*(set(one.missing) for one in found)), SHOWN) for found in together]
    alone = median_time(lambda: [GRAPH.evaluate(*one) for one in given], 9)
    whole = median_time(lambda: estimate(library, asked), 9)
    print(f"\n{f'{len(regions)} regions x {len(DESIGNS)} designs':44}{'time':>12}{'target':>12}")
    print(f"{'model':44}{alone:>10.2f} s{'< 0.25 s':>12}")
    print(f"{'estimate: figures, model and checks':44}{whole:>10.2f} s")

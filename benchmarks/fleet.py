"""Lines of work for the benchmarks."""

from dataclasses import replace


def fleet(library, count):
    """Lines of mixed chips, cooling designs and sizes over all regions."""
    from dcestimate.request import lines

    regions, coolings = library.names("region"), library.names("cooling")
    chips = library.names("chip")
    known = {}
    for i in range(count):
        key = chips[i % len(chips)], regions[i % len(regions)], coolings[i // len(regions) % len(coolings)]
        if key not in known:
            known[key] = lines(library, "1000", key[0], key[1], cooling=key[2])[0]
        yield replace(known[key], count=1000 + i)

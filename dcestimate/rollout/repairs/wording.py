"""Repairs in words: which accelerators, where and when."""

from itertools import groupby

NAMED = 4  # places that are told one by one


def in_quarters(number):
    """So many quarters."""
    return f"{number} quarter{'s' * (number > 1)}"


def place(site, chip):
    """A site, with the chip where it has several."""
    return f"{site.name} {chip}" if len(site.kinds) > 1 else site.name


def listed(pairs):
    """Places with what they lose or gain, the most first; what is less than a hundredth of it all is not named."""
    pairs = sorted(((name, abs(n)) for name, n in pairs), key=lambda pair: -pair[1])
    named = [pair for pair in pairs if pair[1] >= sum(n for _, n in pairs) / 100]
    texts = [f"{name} ({n:,.0f})" for name, n in named]
    rest = [n for _, n in pairs[len(named):]]
    texts += [f"{len(rest)} more ({sum(rest):,.0f})"] if rest else []
    return ", ".join(texts[:-1]) + " and " * (len(texts) > 1) + texts[-1]


def lacking(sites, held, quarters):
    """What sites have less of than planned, place by place and quarter by quarter; nothing where nothing is lacking.

    The most come first; of many places only these are named.
    """
    texts = {}
    for site in sites:
        for chip in site.chips or ():
            short = [(quarter, site.planned(quarter)[chip] - held.cells[site.name, quarter].chips.get(chip, 0))
                     for quarter in quarters]
            if any(count for _, count in short):
                texts[place(site, chip)] = max(count for _, count in short), " and ".join(_spans(short))
    most = sorted(texts.items(), key=lambda item: -item[1][0])
    named = [f"{text} in {name}" for name, (_, text) in most[:NAMED]]
    return ", ".join([*named, *([f"and some in {len(most) - NAMED} more (--json has all)"] if len(most) > NAMED else [])])


def _spans(short):
    """Each number that is not 0 with its quarters, of [(quarter, number)]."""
    for count, same in groupby(short, key=lambda pair: pair[1]):
        quarters = [quarter for quarter, _ in same]
        if count:
            first, last = quarters[0], quarters[-1]
            yield f"{count:,.0f} " + (f"in {first}" if first == last else f"from {first} to {last}")

"""The smallest change that does: looked for by halves, or in order."""


def smallest(works, low, high):
    """The smallest whole number in (low, high] for which ``works`` gives something, with what it gave; or None.

    Where what works is not all of one side, it is a number that works while one less does not.
    """
    best = works(high)
    if not best:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        found = works(middle)
        low, high, best = (low, middle, found) if found else (middle, high, best)
    return high, best


def soonest(works, most):
    """The first whole number up to ``most`` for which ``works`` gives something, with what it gave; or None."""
    return next(((n, found) for n in range(1, most + 1) if (found := works(n))), None)

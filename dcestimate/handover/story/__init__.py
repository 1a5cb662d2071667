"""What is told of a hand-over, before it is a page or Markdown: a plan by its verdict, an estimate by what it takes."""


def of(handover, display, command):
    """The Story of a hand-over in the units of a display; ``command`` gives it again."""
    from . import estimate, plan

    return (plan if handover.plan else estimate).story(handover, display, command)

"""A workbook of what is handed over: every number stored as it is, sums and ratios of them as formulas."""

from ...errors import UsageError
from . import climate, derivation, inputs, quarters, request, results, sources, summary
from .book import Book

MOST = 500  # deployments of which a workbook is still one that people open


def book(handover, library):
    """The workbook as cells, before it is a file.

    :raises UsageError: when there are too many deployments for one.
    """
    if len(handover.labels) > MOST:
        raise UsageError(f"there are {len(handover.labels):,} deployments, more than the {MOST} of a workbook.",
                         "'dcestimate estimate' writes them as CSV.")
    made = Book(handover.title)
    places = {"results": results.Layout(handover), "climate": climate.Layout(handover), "inputs": inputs.Layout(handover)}
    summary.add(made, handover, places)
    results.add(made, handover, places)
    if handover.plan:
        quarters.add(made, handover)
    inputs.add(made, handover, places["inputs"])
    derivation.add(made, handover, places)
    climate.add(made, handover, places)
    sources.add(made, handover)
    request.add(made, handover, library)
    return made


def of(handover, library):
    """The workbook as a file [bytes]; the same content gives the same bytes."""
    from . import writer

    return writer.as_bytes(book(handover, library))

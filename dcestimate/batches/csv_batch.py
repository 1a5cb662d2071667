"""A CSV with columns of results."""

from itertools import chain

from . import csv_file, headers, matching, run
from .answer import answer
from .decimals import COMMA, with_mark
from .written import Written

BLOCK = 2_000  # rows whose texts are held at once


def batch(workers, content, path, wanted):
    """A CSV [bytes] Written with columns of results.

    :param path: what the file is called in messages.
    :raises ProfileError: when it cannot be read, or lacks a column.
    """
    table = csv_file.read(content, path)
    header_row, columns = _headers(table, 0, run.SEARCHED, wanted) or (0, headers.Columns([]))
    matching.check(columns, lambda column: table.place(header_row, column), _elsewhere(table, columns, wanted))
    workers.expect(len(table.cells))
    table.find_decimal(header_row, {*columns.own.values(), columns.error[1]})
    rows = range(header_row + 1, len(table.cells))
    cells = [table.values(row) for row in rows]
    found = answer(workers, columns, cells, wanted, table.decimal, lambda: table.shown)
    places = run.places_of(columns, found)
    width = max(len(cells) for cells in table.cells[header_row:])
    writer = csv_file.CsvWriter(table, header_row, [column for _, column in places], width)
    notes = run.notes(columns, found, lambda row: table.lines[rows[row]], sum(any(some) for some in cells))
    pieces = (piece.encode(table.encoding) for piece in _pieces(table, writer, found, places, rows))
    return Written(pieces, found, chain(notes, run.placed(places), _notes(table, writer)))


def _headers(table, start, end, wanted):
    """(row, Columns) of the headers among some rows, or None."""
    rows = [(row, table.values(row)) for row in range(start, min(len(table.cells), end))]
    return run.find_headers(rows, lambda cells: matching.match(cells, wanted.named))


def _elsewhere(table, columns, wanted):
    """Where headers that are missing may stand."""
    if run.has_all((0, columns)):
        return ""
    below = _headers(table, run.SEARCHED, run.FURTHER, wanted)
    return run.elsewhere(min(len(table.cells), run.SEARCHED), below[0] + 1 if run.has_all(below) else None)


def _pieces(table, writer, found, places, rows):
    yield csv_file.BOM if table.bom else ""
    for row in range(writer.header_row):
        yield writer.record(row, None)
    yield writer.record(writer.header_row, [writer.quoted(header) for header, _ in places])
    def write(number):
        text = with_mark(number, table.decimal)
        return f'"{text}"' if table.delimiter in text else text

    for start in range(0, len(rows), BLOCK):
        block = slice(start, start + BLOCK)
        columns = [found.texts(name, block, write if table.decimal == COMMA else str) for name in found.names]
        if len(places) > len(found.names):
            columns.append([writer.quoted(found.errors.get(n, "")) for n in range(len(rows))[block]])
        yield "".join(writer.record(row, list(texts)) for row, texts in zip(rows[block], zip(*columns, strict=True),
                                                                             strict=True))


def _notes(table, writer):
    if writer.neutralised:
        yield (f"{run.many(writer.neutralised, 'text')} that a spreadsheet may take for a formula now with ' before it; a "
               "workbook keeps such text as it is")
    if table.delimiter == ";" and not table.decimal:
        yield "numbers are written with decimal points, for none of the file shows a decimal comma"

"""Cells to a file: XlsxWriter, texts never guessed at, nothing that depends on the hour."""

import datetime
import io
import os

from ...errors import UsageError
from .looks import FORMAT, LOOKS

MADE = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)  # unless SOURCE_DATE_EPOCH says otherwise
LINE = 13  # points
COLOURS = ("#1F4E79", "#2E9E8F", "#E0A030", "#9C4A6B", "#7F8C8D")


def as_bytes(book):
    """A Book as the bytes of an xlsx file."""
    import xlsxwriter

    stream = io.BytesIO()
    file = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                        "strings_to_numbers": False})
    file.set_properties({"title": book.title[:255], "created": _made()})
    file.set_calc_mode("auto")
    formats = {}

    def shown(look, form):
        if (look, form) not in formats:
            formats[look, form] = file.add_format(FORMAT | LOOKS[look] | ({"num_format": form} if form else {}))
        return formats[look, form]

    for sheet in book.sheets:
        _write(file, file.add_worksheet(sheet.name), sheet, shown)
    file.close()
    return stream.getvalue()


def _made():
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return MADE
    try:
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"SOURCE_DATE_EPOCH is '{epoch[:40]}', not seconds since 1970.", "Unset or mend it.") from None


def _write(file, page, sheet, shown):
    for row, first, last in sheet.merged:
        cell = sheet.cells[row, first]
        page.merge_range(row, first, row, last, "", shown(cell.look, cell.form))
    for (row, column), cell in sheet.cells.items():
        form = shown(cell.look, cell.form)
        if cell.formula:
            page.write_formula(row, column, cell.formula, form, cell.value)
        elif cell.link:
            page.write_url(row, column, f"internal:{cell.link}", form, cell.value)
        elif isinstance(cell.value, str):
            page.write_string(row, column, cell.value, form)
        else:
            page.write_number(row, column, cell.value, form)
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width)
    for row, height in ({row: LINE * lines + 2 for row, lines in sheet.lines.items()} | sheet.heights).items():
        page.set_row(row, height)
    if sheet.freeze:
        page.freeze_panes(*sheet.freeze)
    if sheet.filtered:
        page.autofilter(*sheet.filtered)
    for chart in sheet.charts:
        page.insert_chart(chart.row, chart.column, _chart(file, chart))
    _paper(page, sheet)


def _paper(page, sheet):
    """Landscape on A4, as wide as it is told, headings on every page."""
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.hide_gridlines(2)
    if sheet.scale:
        page.set_print_scale(sheet.scale)
        page.set_h_pagebreaks(sheet.breaks)
    else:
        page.fit_to_pages(1, 0)
    if sheet.freeze and sheet.freeze[1]:
        page.repeat_columns(0)
    if sheet.printed:
        page.print_area(0, 0, max(row for row, _ in sheet.cells), sheet.printed - 1)
    if sheet.repeat is not None:
        page.repeat_rows(*sheet.repeat)
    page.set_footer("&L&8&A&R&8&P / &N")


def _chart(file, chart):
    kinds = {"columns": {"type": "column"}, "bars": {"type": "bar"}, "lines": {"type": "line"},
             "points": {"type": "scatter"}}
    made = file.add_chart(kinds[chart.kind])
    for n, (name, categories, values) in enumerate(chart.series):
        colour = COLOURS[n % len(COLOURS)]
        drawn = {"name": f"={name}", "categories": f"={categories}", "values": f"={values}"}
        if chart.kind == "points":
            drawn["marker"] = {"type": "circle", "size": 3, "fill": {"color": colour}, "border": {"color": colour}}
        elif chart.kind == "lines":
            drawn["line"] = {"color": colour, "width": 2.25, **({"dash_type": "dash"} if n else {})}
        else:
            drawn |= {"fill": {"color": colour}, "gap": 60}
        made.add_series(drawn)
    small = {"size": 9, "color": "#404040"}
    made.set_title({"name": chart.title, "name_font": {"size": 12, "bold": True, "color": "#1F4E79"}, "overlay": False})
    names, values = (made.set_y_axis, made.set_x_axis) if chart.kind == "bars" else (made.set_x_axis, made.set_y_axis)
    plain = {"num_font": small, "name_font": small, "label_position": "low"}
    names({"name": chart.axes[0], **plain, **({"reverse": True, "crossing": "max"} if chart.kind == "bars" else {})})
    values({"name": chart.axes[1], **plain, "major_gridlines": {"visible": True, "line": {"color": "#E0E0E0"}},
            **({} if chart.least is None else {"min": chart.least})})
    made.set_legend({"none": True} if len(chart.series) == 1 else {"position": "bottom", "font": small})
    made.set_size({"width": chart.size[0], "height": chart.size[1]})
    made.set_chartarea({"border": {"color": "#D0D0D0"}})
    return made

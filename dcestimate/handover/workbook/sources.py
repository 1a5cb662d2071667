"""The sheet of sources: what each says, and how many figures rest on it."""

FIRST = 3
TITLES = ("Source", "Address", "Figures", "Grades", "What it states")


def add(book, handover):
    """Add the sheet."""
    sheet = book.sheet("Sources", (70, 60, 9, 9, 90), freeze=(FIRST, 0), repeat=(FIRST - 1, FIRST - 1))
    sheet.text(0, 0, "Sources", "title")
    sheet.text(1, 0, "Every source of the figures on Inputs, and whose weather it is.", "note")
    sheet.head(FIRST - 1, TITLES)
    found = {}
    for given, _ in handover.figures:
        found.setdefault((given.source, given.url), []).append(given)
    row = FIRST
    for (title, url), figures in sorted(found.items(), key=lambda pair: -len(pair[1])):
        sheet.text(row, 0, title, "wrap")
        sheet.text(row, 1, url, "wrap")
        sheet.number(row, 2, len(figures), "0")
        sheet.text(row, 3, "".join(sorted({f.grade for f in figures})))
        sheet.text(row, 4, ", ".join(dict.fromkeys(f.name for f in figures)), "wrap")
        row += 1
    regions = {d.line.region: d.figures.region.header for d in handover.estimate.deployments}
    for name, header in regions.items():
        sheet.text(row, 0, header.climate_attribution, "wrap")
        sheet.text(row, 3, header.climate_grade)
        sheet.text(row, 4, f"weather of {name}, {header.climate}", "wrap")
        row += 1

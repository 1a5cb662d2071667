"""The page and the Markdown of a hand-over: numbers of the estimate, nothing but text from users, and paper and screens."""

import json
import os
import re
import shlex
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dcestimate import units
from dcestimate.cli.main import main
from dcestimate.estimation import estimate
from dcestimate.handover import content, markdown, page, story
from dcestimate.handover.story import year
from dcestimate.handover.story.basis import moves
from dcestimate.handover.story.parts import Table
from dcestimate.reports.numbers import Display
from dcestimate.reports.screen import summary_rows
from dcestimate.request import lines
from dcestimate.results import RESULTS

CSS = Path(page.__file__).with_name("page.css").read_text(encoding="utf-8")
ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "section", "footer", "h1", "h2", "p", "a", "b", "i",
    "small", "strong", "span", "div", "dl", "dt", "dd", "ul", "ol", "li", "pre", "code", "details", "summary", "figure",
    "figcaption", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "svg", "g", "defs", "path", "rect",
    "use", "text", "clippath"}
FETCHING = {"src", "srcset", "data", "action", "formaction", "poster", "background", "xlink:href"}
HOSTILE = """schema = "dcestimate/plan/1"
name = "<script>alert(1)</script> & $x^2$ | `code` *b* [l](http://evil.example)"
deadline = "2029Q4"
[[site]]
region = "us-east-1"
name = "_<img src=x onerror=alert(2)> | $\\\\alpha$ anamewithoutanyspacesinittobreakatwhateverhappens"
mix = { h100-sxm = "100 %" }
chips = { 2026Q4 = "20k", 2029Q4 = "60k" }
power = { 2026Q4 = "100 MW" }
[[site]]
region = "eu-west-2"
name = "</td></table><script>x"
mix = { h100-sxm = "100 %" }
chips = { 2027Q2 = "10k" }
"""


class Parsed(HTMLParser):
    """The elements of a page as (tag, attributes, text up to the next tag), and the texts of those it is asked for."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.inside = [], False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append([tag, dict(attributes), ""])
        self.inside = True

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.elements[-1][2] += data

    def texts(self, *tags):
        return [text.strip() for tag, _, text in self.elements if tag in tags]


TOLD = {}  # stories by the title of their hand-over, for a story takes a second


def told(handover):
    if handover.title not in TOLD:
        TOLD[handover.title] = story.of(handover, Display(), "dcestimate report ...")
    return TOLD[handover.title]


@pytest.fixture(scope="module")
def mixed(library):
    """Two chips over two regions."""
    return content.of_lines(library, lines(library, "50k", "gb300:60%,trainium2:40%", "us-east-1:70%,eu-north-1:30%"))


@pytest.fixture(scope="module")
def single(library):
    return content.of_lines(library, lines(library, "100k", "gb200", "us-east-1"))


@pytest.fixture(scope="module")
def million(library):
    """The largest plan that is shipped, which does not fit."""
    return content.of_plan(library, "aws-1m-gpus")


@pytest.fixture(scope="module")
def hostile(library, tmp_path_factory):
    """A plan whose names are markup, and longer than any screen."""
    path = tmp_path_factory.mktemp("plan") / "hostile.toml"
    path.write_text(HOSTILE, encoding="utf-8")
    return content.of_plan(library, str(path))


@pytest.fixture(scope="module")
def pages(library, single, mixed, million, hostile):
    """Pages of all kinds, by name."""
    small = content.of_lines(library, lines(library, "1", "h100-sxm", "eu-west-2", cooling="air-chiller"))
    air = content.of_lines(library, lines(library, "20k", "h100-sxm", "phoenix-az", cooling="air-evaporative"))
    found = {"single": single, "mixed": mixed, "million": million, "hostile": hostile, "small": small, "air": air}
    return {name: page.html(told(handover)) for name, handover in found.items()}


def plain_number(text):
    """The number that a text begins with."""
    return float(re.match(r"-?[\d,.]+", text)[0].replace(",", ""))


@pytest.mark.parametrize(("label", "name"), [
    ("Racks", "rack_count"), ("IT power, critical", "critical_it_power"), ("Peak power", "facility_peak_power"),
    ("Grid connection", "grid_connection"), ("Energy a year", "annual_energy"), ("PUE, annual", "pue"),
    ("Water a year", "annual_water"), ("Site", "site_area")])
def test_tiles_show_the_results_of_the_estimate(single, pages, label, name):
    """To the four digits that are shown."""
    elements = Parsed(pages["single"]).elements
    at = next(n for n, (tag, _, text) in enumerate(elements) if tag == "dt" and text == label)
    shown = next(text for tag, _, text in elements[at:] if tag == "strong")
    result = single.estimate.results[name]
    assert plain_number(shown) == pytest.approx(result, rel=5e-4)
    assert shown.endswith(result.unit) or result.unit in ("rack", "1")


def test_every_result_of_the_screen_is_on_the_page_and_in_markdown(single, pages):
    cells = Parsed(pages["single"]).texts("th", "td")
    text = markdown.markdown(told(single))
    for _, label, value, *_ in summary_rows(single.estimate, Display())[1]:
        at = [n for n, cell in enumerate(cells) if cell == label]
        assert any(cells[n + 1] == value for n in at), label
        assert f"| {label} | {value} |" in text


def test_places_add_up_to_the_total(mixed):
    """Numbers of the table of places, each a sum over the deployments there."""
    (table,) = [p for s in told(mixed).sections for p in s.parts if isinstance(p, Table) and p.headers[0] == "Place"]
    column = table.headers.index("Peak [MW]")
    for row in table.rows[:-1]:
        wanted = sum(d["facility_peak_power"] for d in mixed.estimate.deployments if d.line.region == row[0])
        assert plain_number(row[column]) == pytest.approx(wanted, rel=5e-4)
    assert plain_number(table.rows[-1][column]) == pytest.approx(mixed.estimate.results["facility_peak_power"], rel=5e-4)
    assert sum(plain_number(row[2]) for row in table.rows[:-1]) == 50_000


def test_the_headline_says_what_is_asked_and_what_it_takes(single):
    said, results = told(single).headline, single.estimate.results
    assert said.startswith("100,000 NVIDIA GB200 in N. Virginia need ")
    assert plain_number(said.partition("need ")[2]) == pytest.approx(results["facility_peak_power"], rel=5e-3)
    assert plain_number(said.partition("peak, and ")[2]) == pytest.approx(results["annual_energy"] / 1000, rel=5e-3)
    assert "TWh" in said


def test_quarters_show_the_check_of_the_plan(million):
    """Every cell of both tables; what is marked is what the check finds short."""
    tables = [p for s in told(million).sections for p in s.parts if isinstance(p, Table) and p.headers[0] == "Site"]
    chips, power = tables
    members = {one.name: one.members for one in million.plan.bounded}
    for table, value in ((chips, lambda c: c.online), (power, lambda c: units.from_si(c.needs["power"], "MW"))):
        for site, *cells in table.rows[:-1]:
            for quarter, one in zip(million.plan.quarters, cells, strict=True):
                assert plain_number(getattr(one, "text", one)) == pytest.approx(
                    sum(value(million.checked.cells[name, quarter]) for name in members[site]), rel=5e-4), (site, quarter)
    short = {(row.site, str(row.quarter)) for row in million.checked.broken if row.key == "power"}
    marked = {(site, quarter) for site, *cells in power.rows
              for quarter, one in zip(power.headers[1:], cells, strict=True) if not isinstance(one, str)}
    assert short
    assert marked == short


def test_a_plan_begins_with_its_verdict_what_binds_and_its_repairs(million, hostile, pages):
    text = pages["million"]
    row = million.checked.binding
    assert told(million).verdict == (False, "The plan does not fit")
    assert f"{row.label} in {row.site} falls short first, in {row.quarter}" in told(million).headline
    for repair in million.repairs:
        assert repair.text[1:] in text
    assert told(hostile).verdict[0] == hostile.checked.feasible


def test_warnings_come_before_all_numbers(library):
    """A plant that misses its supply temperature."""
    asked = lines(library, "5000", "h100-sxm", "phoenix-az", cooling="air-evaporative", settings=["trim_share=0"])
    found = told(content.of_lines(library, asked, title="no chillers"))
    wanted = [text.partition(": ")[2] for text in estimate(library, asked).warnings if text.startswith("warning: ")]
    assert wanted
    for text in (unescape(page.html(found)), markdown.markdown(found).replace("\\", "")):
        assert [warning for warning in wanted if not -1 < text.find(warning) < text.index("IT power, critical")] == []


def test_units_are_those_asked_for(single):
    found = story.of(single, Display("us", ["power=GW"]), "")
    tiles = {tile.label: tile.value for tile in found.tiles}
    results = single.estimate.results
    assert tiles["Peak power"].endswith(" GW")
    assert plain_number(tiles["Peak power"]) == pytest.approx(results["facility_peak_power"] / 1000, rel=5e-4)
    assert tiles["Site"].endswith(" acre")
    assert plain_number(tiles["Site"]) == pytest.approx(results["site_area"].to("acre").magnitude, rel=5e-4)
    assert "degF" in page.html(found)


def test_text_of_users_never_becomes_markup(pages, hostile):
    parsed = Parsed(pages["hostile"])
    assert {tag for tag, *_ in parsed.elements} <= ELEMENTS
    assert not [name for _, attributes, _ in parsed.elements for name in attributes if name.startswith("on")]
    assert parsed.texts("h1") == [hostile.plan.name]
    assert {site.name for site in hostile.plan.sites} <= set(parsed.texts("th"))


def test_addresses_that_are_none_of_the_web_lead_nowhere():
    from dcestimate.handover.story.parts import Link

    assert page.cell(Link("a", "javascript:alert(1)")) == "a"
    assert markdown.cell(Link("a", "javascript:alert(1)")) == "a"
    assert 'href="https://a.example/?x=&quot;&gt;"' in page.cell(Link("a", 'https://a.example/?x=">'))
    assert markdown.cell(Link("a", "https://a.example/>) [b](c")) == "[a](<https://a.example/%3E)%20[b](c>)"


def test_pages_fetch_nothing(pages):
    for text in pages.values():
        parsed = Parsed(text)
        assert {tag for tag, *_ in parsed.elements} <= ELEMENTS
        for tag, attributes, _ in parsed.elements:
            assert not FETCHING & set(attributes)
            assert tag == "a" or attributes.get("href", "#").startswith("#")
    assert not re.search(r"url\(|@import|@font-face", CSS)


def test_references_inside_a_page_lead_to_one_place(pages):
    for text in pages.values():
        parsed = Parsed(text)
        ids = [attributes["id"] for _, attributes, _ in parsed.elements if "id" in attributes]
        assert len(ids) == len(set(ids))
        needed = re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"|aria-labelledby="([^"]+)"', text)
        assert {name for names in needed for name in names if name} <= set(ids)


def test_pages_can_be_heard(pages):
    """A title, headings in order, headers that say what they head, charts with their words."""
    for text in pages.values():
        parsed = Parsed(text)
        tags = [tag for tag, *_ in parsed.elements]
        assert '<html lang="en">' in text
        assert parsed.texts("title") == parsed.texts("h1")
        assert tags.count("h1") == 1 < tags.count("h2")
        assert tags.count("table") == tags.count("caption")
        assert all(attributes.get("scope") in ("col", "row") for tag, attributes, _ in parsed.elements if tag == "th")
        assert all(attributes["aria-label"] for _, attributes, _ in parsed.elements if attributes.get("role") == "img")
        assert text.count('role="img"') == text.count("<svg")


def luminance(colour):
    """Relative luminance by WCAG 2."""
    parts = [int(colour[n:n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055)**2.4 for x in parts]
    return sum(weight * x for weight, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_contrast_is_enough_in_light_and_dark():
    """WCAG 2.1: 4.5 for text (1.4.3), 3 for parts of charts (1.4.11)."""
    schemes = re.findall(r":root \{(.*?)\}", CSS, re.S)
    assert len(schemes) == 2
    for scheme in schemes:
        colours = dict(re.findall(r"--(\w+): (#\w{6})", scheme))
        for name, least, grounds in (*((n, 4.5, ("paper", "wash")) for n in ("ink", "muted", "link", "good", "bad")),
                                     *((f"c{n}", 3, ("paper",)) for n in range(1, 9))):
            for ground in grounds:
                light, dark = sorted((luminance(colours[name]), luminance(colours[ground])), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= least, (name, ground)


def test_the_same_command_gives_the_same_bytes(tmp_path):
    command = ["report", "1k", "--chip", "gb200", "--region", "us-east-1", "--set", "energy_price=70 USD/MWh", "-u", "us"]
    first, second = tmp_path / "first.html", tmp_path / "second.html"
    assert main([*command, "-q", "-o", str(first)]) == 0
    subprocess.run([sys.executable, "-m", "dcestimate", *command, "-q", "-o", str(second)], check=True,
                   env={**os.environ, "PYTHONHASHSEED": "7"})
    assert first.read_bytes() == second.read_bytes()


def test_the_command_on_a_page_makes_that_page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["report", "1k", "--chip", "gb300:50%,h100-sxm:50%", "--region", "us-east-1", "-s",
                 "energy_price=70 USD/MWh", "-u", "us", "--in", "power=kW", "--digits", "5", "-o", "first.md"]) == 0
    shown = re.search(r"```sh\ndcestimate (.*)\n```", Path("first.md").read_text(encoding="utf-8"))[1]
    assert main(shlex.split(shown)) == 0
    assert Path("report.md").read_bytes() == Path("first.md").read_bytes()


def test_a_json_estimate_is_told_as_its_request(tmp_path):
    asked = ["1k", "--chip", "gb200", "--region", "us-east-1", "--set", "energy_price=70 USD/MWh"]
    assert main(["estimate", *asked, "-o", str(tmp_path / "a.json")]) == 0
    assert main(["report", *asked, "-o", str(tmp_path / "a.md")]) == 0
    assert main(["report", str(tmp_path / "a.json"), "-o", str(tmp_path / "b.md")]) == 0
    first, second = ((tmp_path / name).read_text(encoding="utf-8") for name in ("a.md", "b.md"))
    assert re.sub(r"```sh.*?```", "", first, flags=re.S) == re.sub(r"```sh.*?```", "", second, flags=re.S)


def test_without_matplotlib_a_page_says_how_to_have_it_and_markdown_does_without(tmp_path, monkeypatch, capsys):
    asked = ["report", "1k", "--chip", "gb200", "--region", "us-east-1"]
    for name in [name for name in sys.modules if name.split(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main([*asked, "-o", str(tmp_path / "a.html")]) == 1
    assert "pip install 'dcestimate[report]'" in capsys.readouterr().err
    assert not (tmp_path / "a.html").exists()
    assert main([*asked, "-o", str(tmp_path / "a.md")]) == 0


def test_markdown_tables_are_well_formed(single, mixed, million, hostile):
    """Every row has as many bars as its head, which dashes follow; nothing of a user's is markup."""
    for handover in (single, mixed, million, hostile):
        rows = markdown.markdown(told(handover)).splitlines()
        for n, row in enumerate(rows):
            if row.startswith("|"):
                bars = len(re.findall(r"(?<!\\)\|", row))
                if not rows[n - 1].startswith("|"):
                    assert not rows[n - 1]
                    assert re.fullmatch(r"\|( --- \|)+", rows[n + 1])
                    head = bars
                assert bars == head, row
    text = markdown.markdown(told(hostile))
    assert not re.search(r"(?<!\\)<(script|img|/td)", text)
    assert "\\[l\\](http://evil" in text


def test_uses_add_up_to_the_power_at_the_meter(mixed):
    of = mixed.estimate.deployments
    results = mixed.estimate.results
    assert units.from_si(sum(year.by_design(of).values()), "MW") == pytest.approx(results["facility_peak_power"], rel=1e-12)
    assert units.from_si(sum(year.over_the_year(of).values()), "MW") == pytest.approx(results["facility_average_power"],
                                                                                      rel=1e-12)
    assert all(power >= 0 for power in year.by_design(of).values())
    assert sum(year.grouped(year.by_design(of)).values()) == pytest.approx(sum(year.by_design(of).values()), rel=1e-12)
    assert units.from_si(year.by_design(of)[year.COMPUTING], "MW") == pytest.approx(results["critical_it_power"], rel=1e-12)


def test_the_year_of_the_charts_is_the_year_of_the_estimate(single):
    """Hours, energy and water over the kelvins of the chart, and under the duration curve, are the year's."""
    (deployment,) = single.estimate.deployments
    one = year.year([deployment])
    assert one.hours.sum() == pytest.approx(8760)
    assert (one.power[1] * one.hours).sum() / 1e9 == pytest.approx(deployment["annual_energy"], rel=1e-9)
    assert (one.water * one.hours).sum() * 3.6 == pytest.approx(deployment["annual_water"], rel=1e-9)
    hours, power = one.duration()
    assert ((hours[1:] - hours[:-1]) * power).sum() / 1e9 == pytest.approx(deployment["annual_energy"], rel=1e-9)
    assert (power[:-1] >= power[1:]).all()
    assert (one.temperature[1:] > one.temperature[:-1]).all()


def test_the_figures_shown_are_those_that_move_most(single):
    (table,) = moves(single, Display())
    ends = [row[3].text.split("..") for row in table.rows]
    spans = [plain_number(high) - plain_number(low) for low, high in ends]
    assert spans == sorted(spans, reverse=True)
    assert all(0 <= row[3].low <= row[3].high <= 1 for row in table.rows)


def run_chromium(chromium, tmp_path, *arguments):
    return subprocess.run([chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                           f"--user-data-dir={tmp_path / 'profile'}", *arguments], check=True, capture_output=True,
                          timeout=300).stdout.decode("utf-8")


def overflow(chromium, tmp_path, pages, widths):
    """{(page, width): how far it scrolls sideways [px], of the page and of any element} in a browser."""
    frames = []
    for name, text in pages.items():
        (tmp_path / f"{name}.html").write_text(text.replace("<details>", "<details open>"), encoding="utf-8")
        frames += [f'<iframe src="{name}.html" title="{name} {width}" style="width: {width}px; height: 900px; border: 0">'
                   "</iframe>" for width in widths]
    script = """onload = () => {
      const found = {};
      for (const frame of document.querySelectorAll("iframe")) {
        const root = frame.contentDocument.documentElement;
        const right = Math.max(...[...frame.contentDocument.body.querySelectorAll("*:not(svg *)")].filter(
          one => one.getClientRects().length).map(one => one.getBoundingClientRect().right));
        found[frame.title] = [root.scrollWidth - root.clientWidth, Math.round(right - root.clientWidth)];
      }
      document.title = JSON.stringify(found);
    }"""
    wrapper = tmp_path / "wrapper.html"
    wrapper.write_text(f"<!DOCTYPE html><html><head><script>{script}</script></head><body>{''.join(frames)}</body></html>",
                       encoding="utf-8")
    dumped = run_chromium(chromium, tmp_path, "--allow-file-access-from-files", "--virtual-time-budget=20000", "--dump-dom",
                          wrapper.as_uri())
    return json.loads(Parsed(dumped).texts("title")[0])


def test_no_page_scrolls_sideways_on_a_desk_or_a_telephone(chromium, tmp_path, pages):
    """Every page, all that is folded away opened, down to the 320 px of WCAG 1.4.10; one that is too wide is seen."""
    wide = '<!DOCTYPE html><meta name="viewport" content="width=device-width"><p style="width:2000px">wide</p>'
    found = overflow(chromium, tmp_path, {**pages, "wide": wide}, (1280, 390, 320))
    assert min(found.pop("wide 1280")) > 600
    assert min(found.pop("wide 390")) > 1500
    assert min(found.pop("wide 320")) > 1500
    assert len(found) == 3 * len(pages)
    assert {name: ends for name, ends in found.items() if max(ends) > 0} == {}


@pytest.mark.parametrize("paper", ["A4", "letter"])
def test_every_page_prints_on_two_sheets(chromium, tmp_path, pages, paper):
    for name, text in pages.items():
        path, printed = tmp_path / f"{name}.html", tmp_path / f"{name}.pdf"
        path.write_text(text.replace("</style>", f"@page {{ size: {paper}; }}</style>"), encoding="utf-8")
        run_chromium(chromium, tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={printed}", path.as_uri())
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed.read_bytes())) == 2, name


def test_every_result_that_is_drawn_exists():
    from dcestimate.handover.story.estimate import COLUMNS

    assert {name for _, name in COLUMNS} <= set(RESULTS)


def test_on_a_telephone_names_stay_whole_and_nothing_of_paper_shows(chromium, tmp_path, pages):
    """Names of stages break between words alone, amounts stand in the line of their names, ranges beside their heads."""
    script = """onload = () => {
      const page = document.querySelector("iframe").contentDocument, rows = one => Math.round(
        one.getBoundingClientRect().height / parseFloat(page.defaultView.getComputedStyle(one).fontSize) / 1.5);
      const stages = [...page.querySelectorAll(".stage")].map(one => one.children);
      const top = one => one.getBoundingClientRect().top;
      document.title = JSON.stringify({
        paper: [...page.querySelectorAll(".paper")].filter(one => one.getClientRects().length).length,
        split: stages.filter(([name]) => rows(name) > name.textContent.split(" ").length).map(([name]) => name.textContent),
        below: stages.filter(([name, amount]) => Math.abs(top(name) - top(amount)) > 4).map(([name]) => name.textContent),
        ranges: [...page.querySelectorAll("td .span")].filter(
          one => one.getBoundingClientRect().top > one.parentNode.getBoundingClientRect().top + 6).length});
    }"""
    text = re.sub("<details>", "<details open>", pages["single"])
    assert 'class="paper"' in text
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    wrapper = tmp_path / "telephone.html"
    wrapper.write_text(f'<!DOCTYPE html><html><head><script>{script}</script></head><body><iframe src="page.html" '
                       'style="width: 390px; height: 900px; border: 0"></iframe></body></html>', encoding="utf-8")
    dumped = run_chromium(chromium, tmp_path, "--allow-file-access-from-files", "--virtual-time-budget=20000", "--dump-dom",
                          wrapper.as_uri())
    assert json.loads(Parsed(dumped).texts("title")[0]) == {"paper": 0, "split": [], "below": [], "ranges": 0}


def test_the_scale_of_power_over_temperature_begins_at_nothing(pages):
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", pages["single"])
    assert "0" in texts[:texts.index("Power at the meter [MW]")]

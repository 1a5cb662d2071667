"""The commands on regions: what there is, what is near a place, and one made from a weather file."""

import re
import shlex
from typing import Annotated

import typer

from ..errors import QuantityError, UsageError
from .session import command

Epw = Annotated[str, typer.Option("--epw", metavar="FILE", help="A weather file in EPW format.")]
Csv = Annotated[str, typer.Option("--csv", metavar="FILE", help="Or a CSV of hourly weather.")]
Out = Annotated[str, typer.Option("--out", metavar="DIR", help="Write NAME.toml and NAME.csv there; without it nothing is "
                                                               "written.")]
Force = Annotated[bool, typer.Option("--force", help="Replace files, and take a known name.")]
Like = Annotated[str, typer.Option("--from", metavar="REGION", help="Whose grid, carbon and price to take.")]
Title = Annotated[str, typer.Option("--title", help="What a listing shows.")]
Country = Annotated[str, typer.Option("--country", metavar="ISO", help="Three letters: DEU.")]
Latitude = Annotated[float, typer.Option("--lat", metavar="DEG", help="North above zero.")]
Longitude = Annotated[float, typer.Option("--lon", metavar="DEG", help="East above zero.")]
Elevation = Annotated[str, typer.Option("--elevation", metavar="LENGTH", help='"300 m", "984 ft".')]


def add(app):
    """Add the commands to the group of regions."""

    @command(app, "list")
    def regions_list(session, provider: Annotated[str, typer.Option("--provider", help="Only this provider's.")] = None,
                     sort: Annotated[str, typer.Option("--sort", metavar="COLUMN", help="Order by a column.")] = None):
        """All regions with their design weather, energy and carbon.

        Example: dcestimate regions list --sort carbon_intensity
        """
        from ..reports import catalogue

        catalogue.write(session, *catalogue.regions(session.library(), session.display(), provider, sort), "regions")

    @command(app, "show", ("table", "json", "csv", "tsv", "md"))
    def regions_show(session, name: Annotated[str, typer.Argument(metavar="REGION")]):
        """One region: weather, design states, grid, published effectiveness, and where to get better weather.

        Example: dcestimate regions show us-east-1
        """
        from ..reports import profile_page

        profile_page.show(session, name, "region")

    @command(app, "near")
    def regions_near(session, place: Annotated[list[str], typer.Argument(metavar="LAT,LON", help="Degrees, north and east "
                                               "above zero.")],
                     count: Annotated[int, typer.Option("--count", metavar="N", help="How many; --full shows all.")] = 5):
        """The regions nearest to a place, with the grade of their climate.

        Example: dcestimate regions near 39.0,-77.5
        """
        from ..reports import catalogue

        if count < 1:
            raise UsageError(f"--count is {count}, below 1.", "Write e.g. --count 5.")
        latitude, longitude = _coordinates(" ".join(place))
        columns, rows, advice = catalogue.near(session.library(), session.display(), latitude, longitude,
                                               None if session.full else count)
        catalogue.write(session, columns, rows, "regions")
        session.note(*advice)

    @command(app, "new", ("table", "json", "csv", "tsv", "md"))
    def regions_new(session, name: Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits, hyphens.")],
                    epw: Epw = None, csv: Csv = None, out: Out = None, force: Force = False, like: Like = None,
                    title: Title = None, country: Country = None, lat: Latitude = None, lon: Longitude = None,
                    elevation: Elevation = None):
        """A region of your own from a weather file.

        Any figure of it is stated with --set, such as a published design value or the carbon of its grid. A CSV names its
        columns with units: time, dry_bulb [degC], relative_humidity [%] (or dew_point, wet_bulb), pressure [hPa].

        Example: dcestimate regions new my-site --epw site.epw --out sites
        """
        from ..reports import catalogue
        from ..weather import files, region, region_files

        if bool(epw) == bool(csv):
            raise UsageError("two weather files are named." if epw else "a weather file is missing.",
                             f"Write e.g. dcestimate regions new {name} --epw FILE.epw --out DIR.")
        library = session.library()
        region.check_name(library, name, force)
        like = library.find("region", like)[1] if like else None
        if like == name:
            raise UsageError(f"{name} cannot be made from itself.", f"Write another name, such as my-{name}.")
        given = region.stated(session.set)
        weather = files.read(epw or csv, files.EPW if epw else files.CSV, _site(lat, lon, elevation, country, title),
                             _place_of(library, like) if like else {})
        new = region.build(library, name, weather, like, given)
        region_files.prove(library, new)
        written = region_files.write(new, out, force) if out else []
        catalogue.made(session, new, written)
        session.note(*(f"wrote {path}" for path in written))
        if out:
            session.note(f"Next: dcestimate estimate 10k --chip h100 --region {name} --profiles {shlex.quote(out)}")
        else:
            session.note(f"Nothing is written: add --out DIR for {name}.toml and {name}.csv.")


def _coordinates(text):
    """(latitude, longitude) [deg] of "39.0,-77.5"."""
    parts = [part for part in re.split(r"[,;\s]+", text.strip()) if part]
    try:
        latitude, longitude = (float(part) for part in parts)
    except ValueError:
        raise UsageError(f"'{text[:40]}' is no latitude and longitude in degrees.", "Write e.g. 39.0,-77.5.") from None
    _check_degrees(latitude, longitude)
    return latitude, longitude


def _check_degrees(latitude, longitude):
    if not -90 <= latitude <= 90:
        raise UsageError(f"the latitude is {latitude:g}, not -90 to 90.", "Latitude comes first, as in 39.0,-77.5.")
    if not -180 <= longitude <= 180:
        better = f" {longitude - 360:g} is the same." if 180 < longitude <= 360 else ""
        raise UsageError(f"the longitude is {longitude:g}, not -180 to 180.", f"West is below zero.{better}")


def _site(lat, lon, elevation, country, title):
    """What the user states of the place, by name."""
    from .. import amounts

    if (lat is None) != (lon is None):
        raise UsageError(f"--{'lat' if lon is None else 'lon'} is stated without --{'lon' if lon is None else 'lat'}.",
                         "State both, or neither.")
    site = {"title": title}
    if lat is not None:
        _check_degrees(lat, lon)
        site |= {"latitude": lat, "longitude": lon}
    if elevation is not None:
        try:
            site["elevation"] = amounts.parse(elevation, "m")
        except QuantityError as error:
            raise UsageError(f"--elevation: {error.message}", error.hint) from None
    if country is not None:
        if not re.fullmatch(r"[A-Za-z]{3}", country):
            raise UsageError(f"--country is '{country[:20]}', not a code of three letters (ISO 3166).",
                             "Write e.g. DEU or USA.")
        site["country"] = country.upper()
    return {name: value for name, value in site.items() if value is not None}


def _place_of(library, name):
    profile = library.load("region", name)
    return {"latitude": profile.header.latitude, "longitude": profile.header.longitude,
            "elevation": profile.figures["elevation"].value}

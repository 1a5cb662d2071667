"""Workbooks recalculated by LibreOffice, without a window, in a profile of its own."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from ..errors import OutputError
from . import stored

PROGRAMS = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice",
            "C:/Program Files/LibreOffice/program/soffice.exe")
SLOW = 300  # seconds after which it hangs
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
</oor:items>
"""
INSTALL = ("Install LibreOffice (Debian and Ubuntu: apt-get install libreoffice-calc; others: libreoffice.org), or compare "
           "with the model alone: --without-libreoffice.")


def program():
    """The path of LibreOffice.

    :raises OutputError: that says how to install it, when there is none.
    """
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if found is None:
        raise OutputError("LibreOffice, which recalculates workbooks, is not here.", INSTALL)
    return found


def version():
    """Which LibreOffice it is."""
    done = _run([program(), "--version"])
    found = re.search(r"\d+(\.\d+)+", done)
    return f"LibreOffice {found[0]}" if found else "LibreOffice"


def recalculated(paths):
    """The values of workbooks after every formula has been computed anew, in the order of their paths; one call for all.

    :raises OutputError: when LibreOffice is missing, hangs or fails.
    """
    with tempfile.TemporaryDirectory(prefix="dcestimate-") as folder:
        home, into, copies = (Path(folder, name) for name in ("profile", "out", "in"))
        (home / "user").mkdir(parents=True)
        (home / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
        copies.mkdir()
        own = [copies / f"{n}.xlsx" for n, _ in enumerate(paths)]
        for path, copy in zip(paths, own, strict=True):
            shutil.copyfile(path, copy)
        _run([program(), f"-env:UserInstallation={home.as_uri()}", "--headless", "--norestore", "--convert-to", "xlsx",
              "--outdir", str(into), *map(str, own)])
        for path, copy in zip(paths, own, strict=True):
            if not (into / copy.name).is_file():
                raise OutputError(f"LibreOffice did not recalculate {path}.", "Open it there to see why.")
        return [stored.read(into / copy.name, formulas=False) for copy in own]


def _run(command):
    """What a program prints; it and what it has started are ended when it takes too long."""
    own_group = {"start_new_session": True} if os.name == "posix" else {}
    try:
        started = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   **own_group)
    except OSError as error:
        raise OutputError(f"LibreOffice does not start: {error.strerror or error}.", INSTALL) from None
    with started as process:
        try:
            printed, _ = process.communicate(timeout=SLOW)
        except BaseException as error:
            if os.name == "posix":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
            if isinstance(error, subprocess.TimeoutExpired):
                raise OutputError(f"LibreOffice took more than {SLOW} s.", INSTALL) from None
            raise
    return printed.decode(errors="replace")

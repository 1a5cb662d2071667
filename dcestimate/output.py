"""Files that are written whole: what is there is replaced only once the new one is complete."""

import os
import signal
import threading
from contextlib import contextmanager
from pathlib import Path

from .errors import OutputError


def save(path, pieces):
    """Write pieces of bytes into a file, and give the path that was written.

    :raises OutputError: when it cannot be.
    """
    path = Path(path)
    target = path.resolve() if path.is_symlink() else path
    try:
        if target.exists() and not target.is_file():  # a device or a pipe cannot be replaced
            with target.open("wb") as stream:
                stream.writelines(pieces)
        else:
            with _ended_gently():
                _replace(target, pieces)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}.") from None
    return target


def _replace(target, pieces):
    """Write a file beside another and let it take that one's place once it is whole."""
    beside = target.with_name(f".{target.name[:200]}.{os.urandom(6).hex()}")
    try:
        with beside.open("xb") as stream:
            stream.writelines(pieces)
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            beside.chmod(target.stat().st_mode & 0o777)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def _ended_gently():
    """Being told to end is an interruption, so that nothing half-written stays behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    signals = [number for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None
               and signal.getsignal(number) == signal.SIG_DFL]
    before = dict.fromkeys(signals, signal.SIG_DFL)
    if getattr(signal.getsignal(signal.SIGINT), "may_end_at_once", False):
        before[signal.SIGINT] = signal.getsignal(signal.SIGINT)
    for number in before:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

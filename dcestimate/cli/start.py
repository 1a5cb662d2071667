"""From the first import to the last line: an interruption ends the program with 130 and no traceback, whenever it comes."""

import _signal  # the core of signal, which every interpreter has loaded: nothing more is imported
import os
import sys

INTERRUPTED = 130


def entry():
    """Console script."""
    ours = _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler  # the caller may ignore it, as nohup does
    if ours:
        _signal.signal(_signal.SIGINT, interrupted)
        sys.unraisablehook = _again
    try:
        from .main import main

        code = main()
        if ours:
            _signal.signal(_signal.SIGINT, _signal.SIG_IGN)  # the answer is out
    except KeyboardInterrupt:  # between two steps
        _leave()
    if code == INTERRUPTED:
        sys.stderr.flush()
        os._exit(code)  # an interpreter that was interrupted in the source of a class ends as if it had been killed
    sys.exit(code)


def interrupted(number, frame):
    """While a module is being imported, end at once: there is nothing to clean up yet, and half a module makes errors of
    its own. Later it is a KeyboardInterrupt, so that half-written files go.
    """
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            _leave()
        frame = frame.f_back
    raise KeyboardInterrupt


interrupted.may_end_at_once = True  # so that it is not used while a file is being written


def _again(unraisable):
    """An interruption that came where none can be raised, as while an object goes, comes again a moment later."""
    if unraisable.exc_type is not KeyboardInterrupt:
        sys.__unraisablehook__(unraisable)
        return
    import _thread
    import time

    def send():
        time.sleep(0.01)
        os.kill(os.getpid(), _signal.SIGINT)

    _thread.start_new_thread(send, ())


def _leave():
    try:
        os.write(2, b"interrupted\n")
    finally:
        os._exit(INTERRUPTED)

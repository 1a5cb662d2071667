"""Processes that share the work of a batch."""

import signal
import threading
from contextlib import contextmanager

from .compute import of_region

MANY = 4_000  # rows from which on starting processes costs less than they save


class Workers:
    """Who computes tasks: this process, or where rows are many some that it starts; they end with the context.

    :param processes: how many may share the work; more than one need a main module that can be imported anew.
    """

    def __init__(self, library, processes):
        self.library, self.processes = library, processes
        self.pool = None

    def __enter__(self):
        return self

    def __exit__(self, error, *_):
        if not self.pool:
            return
        with _interruptions_wait():  # a second one would leave processes behind
            if error:
                import multiprocessing

                for process in multiprocessing.active_children():
                    process.terminate()
            self.pool.shutdown(cancel_futures=True)

    def expect(self, rows):
        """Start processes if so many rows are worth it: they are ready by the time the rows have been read."""
        if self.pool or self.processes == 1 or rows < MANY:
            return
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        self.pool = ProcessPoolExecutor(self.processes, multiprocessing.get_context("spawn"), _begin,
                                        (self.library.folders,))
        with _interruptions_wait():  # none meets a process half up
            for _ in range(self.processes):
                self.pool.submit(_begun)

    def run(self, tasks):
        """What tasks come to, in their order."""
        if self.pool:
            return self.pool.map(_run, tasks)
        return (of_region(self.library, *task) for task in tasks)


@contextmanager
def _interruptions_wait():
    """An interruption of this process comes when the context ends; what is started inside is not to know of it.

    Blocking the signal is inherited by what is started, but other threads, such as those of a numerical library, still let
    it in: so it is kept, too.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # interruptions are the main thread's
        return
    kept = []
    handler = signal.signal(signal.SIGINT, lambda *given: kept.append(given))
    mask = getattr(signal, "pthread_sigmask", lambda how, signals: ())
    before = mask(getattr(signal, "SIG_BLOCK", 0), {signal.SIGINT})
    try:
        yield
    finally:
        mask(getattr(signal, "SIG_SETMASK", 0), before)
        signal.signal(signal.SIGINT, signal.SIG_DFL if handler is None else handler)
        if kept and callable(handler):
            handler(*kept[0])


def _begin(folders):
    from ..profiles import Library

    global _library
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this process ends it
    _library = Library(folders)


def _begun():
    """A task that is done when the process is there."""


def _run(task):
    return of_region(_library, *task)

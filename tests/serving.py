"""The application served by the process of the tests, so that it stands under their clock."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application
from django.db import connections

from qifu.kernel.access.tests.factories import at
from qifu.kernel.calendar import clock


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def served() -> Iterator[str]:
    """Serve the application in threads of this process; give its address."""
    with make_server("127.0.0.1", 0, get_wsgi_application(), server_class=_Server, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class Hours:
    """What o'clock it is for the test, for the application that it serves and for the page of its browser: the hour runs, and the
    test turns it on."""

    def __init__(self, turned: ExitStack) -> None:
        self._turned = turned
        self._page: Any = None

    def turn(self, day: str, time: str) -> None:
        """Go on from this hour."""
        now = at(day, time)
        if self._page is not None:
            # A page that is left open over night asks on, with a session that has ended meanwhile.
            self._page.goto("about:blank")
            self._page.clock.set_system_time(now)
        self._turned.enter_context(clock.use(clock.Running(now)))

    def on(self, page: Any) -> None:
        """Let a page of the browser have the same hour."""
        page.clock.install(time=clock.now())
        self._page = page

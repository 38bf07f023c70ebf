"""Shops to test against: local HTTP servers that answer as the public API documentation describes."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class QuietServer(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Clients that are killed, or wait no longer, hang up."""


@contextmanager
def serving(shop):
    """Answers for ``shop`` until the block ends; its address is in ``shop.address``.

    ``shop.answer(request, body)`` gives (status, headers, JSON-able or text).
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and body are two packets: else the second waits 40 ms for word of the first.
        disable_nagle_algorithm = True

        def do_GET(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, headers, data = shop.answer(self, body)
            content = (data if isinstance(data, str) else json.dumps(data)).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self):
            self.do_GET()

        def log_message(self, *args):
            """Tests are quiet."""

    httpd = QuietServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    shop.address = f"http://127.0.0.1:{httpd.server_port}"
    try:
        yield shop
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


class FakeShop:
    """A shop that records its requests. ``instead`` holds answers for the next requests, before it goes on
    as usual; ``before`` maps the number of a request to what happens in the shop just before its answer.
    """

    def __init__(self, products=()):
        self.address = ""
        self.products = list(products)
        self.requests = []
        self.instead = []
        self.before = {}

    def answer(self, request, body):
        self.requests.append(self.noted(request, body))
        self.before.pop(len(self.requests), lambda: None)()
        if not self.is_allowed(request):
            return self.refused
        return self.instead.pop(0) if self.instead else self.usual(self.requests[-1])


def ids(rows):
    return [row.external_id for row in rows]

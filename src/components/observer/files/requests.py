"""Patroni's requests over a Unix socket. Starting a program for each request would take longer than the request itself."""
import socket
import time

from establish import tell

# Seconds; a caller without an answer by then runs the program itself.
patience = 2.0
codes = {'yes': '200 OK', 'no': '409 Conflict'}


class Requests:
    def __init__(self, path):
        path.unlink(missing_ok=True)
        self.listener, self.caller, self.until = socket.socket(socket.AF_UNIX), None, 0
        self.listener.bind(str(path))
        self.listener.listen()
        self.listener.setblocking(False)

    def answer(self, attempt):
        """Answers the waiting caller once the verdict is clear. It is HTTP, so that curl can ask. Only the latest caller counts."""
        self.accept()
        if self.caller is None:
            return
        verdict, why = attempt()
        if verdict in codes:
            self.send(f'HTTP/1.0 {codes[verdict]}\r\n\r\n{tell(verdict, why)}\n')
        if verdict in codes or time.monotonic() >= self.until:
            self.end()

    def accept(self):
        try:
            caller, _ = self.listener.accept()
        except BlockingIOError:
            return
        self.end()
        self.caller, self.until = caller, time.monotonic() + patience
        caller.settimeout(0.5)
        try:
            caller.recv(4096)
        except OSError:
            self.end()

    def send(self, text):
        try:
            self.caller.sendall(text.encode())
        except OSError:
            pass

    def end(self):
        if self.caller:
            self.caller.close()
        self.caller = None

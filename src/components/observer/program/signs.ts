/** How signs of life are looked for. */
export const signsProgram = String.raw`"""Signs of life of other servers: whoever answers a connection, even by refusing it, is alive."""
import errno
import http.client
import selectors
import socket
import time

# Lets these connections through the promise's own refusal.
mark = 0x7269
# A slow answer is an answer: it is waited for this long.
patience = 3.0


class Signs:
    def __init__(self, ports):
        self.ports, self.turn, self.selector = ports, 0, selectors.DefaultSelector()

    def ask(self, addresses):
        """Knocks at the next port in turn. A server that is gone must be silent at all of them."""
        port = self.ports[self.turn % len(self.ports)]
        self.turn += 1
        for address in addresses:
            probe = socket.socket()
            probe.setblocking(False)
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, mark)
            outcome = probe.connect_ex((address, port))
            if outcome in (0, errno.EINPROGRESS):
                self.selector.register(probe, selectors.EVENT_WRITE, (address, time.monotonic()))
            else:
                probe.close()

    def wait(self, seconds):
        """Who answered within so many seconds, and whether this process slept longer than it meant to."""
        began, heard = time.monotonic(), set()
        while True:
            left = seconds - (time.monotonic() - began)
            for key, _ in self.selector.select(max(0, left)):
                if key.fileobj.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) in (0, errno.ECONNREFUSED):
                    heard.add(key.data[0])
                self.drop(key.fileobj)
            if left <= 0:
                break
        self.drop_old(time.monotonic() - patience)
        return heard, time.monotonic() - began > seconds + 0.4

    def drop_old(self, before):
        for key in [key for key in self.selector.get_map().values() if key.data[1] < before]:
            self.drop(key.fileobj)

    def drop(self, probe):
        self.selector.unregister(probe)
        probe.close()


def answers(address, port):
    """Whether a web server answers at all, and is more than a kernel that accepts connections for a frozen process."""
    connection = http.client.HTTPConnection(address, port, timeout=0.5)
    try:
        connection.request('HEAD', '/liveness')
        return connection.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
`

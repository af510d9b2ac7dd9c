"""Signs of life of other servers. A server that answers a connection, even with a refusal, is alive."""
import errno
import http.client
import selectors
import socket
import time

# The rules of a promise let connections with this mark pass.
mark = 0x7269
# Seconds to wait for an answer: a slow answer counts, too.
patience = 3.0


class Signs:
    def __init__(self, ports):
        """ports: for each address, the ports that may be reached. A firewall may make other ports silent."""
        self.ports, self.turn, self.selector = ports, 0, selectors.DefaultSelector()

    def wake_for(self, listener):
        self.selector.register(listener, selectors.EVENT_READ, (None, float('inf')))

    def ask(self, addresses):
        """Tries to connect to the next port in turn. A server that is gone is silent on all of them."""
        self.turn += 1
        for address in addresses:
            ports = self.ports[address]
            probe = socket.socket()
            probe.setblocking(False)
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, mark)
            outcome = probe.connect_ex((address, ports[self.turn % len(ports)]))
            if outcome in (0, errno.EINPROGRESS):
                self.selector.register(probe, selectors.EVENT_WRITE, (address, time.monotonic()))
            else:
                probe.close()

    def wait(self, seconds):
        """Returns who answered within that many seconds, or until a request arrives; and whether this process overslept."""
        began, heard, is_asked = time.monotonic(), set(), False
        while True:
            left = seconds - (time.monotonic() - began)
            for key, _ in self.selector.select(max(0, left)):
                if key.data[0] is None:
                    is_asked = True
                    continue
                if key.fileobj.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) in (0, errno.ECONNREFUSED):
                    heard.add(key.data[0])
                self.drop(key.fileobj)
            if is_asked or left <= 0:
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
    """Whether a web server answers. A kernel still accepts connections for a frozen process, so that does not count."""
    connection = http.client.HTTPConnection(address, port, timeout=0.5)
    try:
        connection.request('HEAD', '/liveness')
        return connection.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()

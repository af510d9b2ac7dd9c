"""An app that answers as its path says, byte by byte. It remembers what it was asked: /seen tells it."""
import base64
import hashlib
import json
import os
import socket
import threading
import time

seen = []
CRLF = '\r\n'


def head(status, *headers):
    return CRLF.join(['HTTP/1.1 ' + status, *headers, '', ''])


def whole(body, status='200 OK', *headers):
    return head(status, 'Content-Length: %d' % len(body.encode()), *headers) + body


def chunk(text):
    return '%x%s%s%s' % (len(text.encode()), CRLF, text, CRLF)


class Request:
    def __init__(self, stream):
        line = stream.readline().decode('latin-1')
        if not line:
            raise EOFError
        self.method, self.target, self.version = line.split()
        self.headers = []
        for line in iter(stream.readline, b'\r\n'):
            name, value = line.decode('latin-1').split(':', 1)
            self.headers.append([name, value.strip()])
        self.body, self.trailers = self.read_body(stream)
        path = self.target.split('?')[0]
        self.words = path.strip('/').split('/')

    def header(self, wanted):
        return ', '.join(value for name, value in self.headers if name.lower() == wanted)

    def read_body(self, stream):
        if self.header('transfer-encoding') != 'chunked':
            return stream.read(int(self.header('content-length') or 0)), []
        body = b''
        while size := int(stream.readline().split(b';')[0], 16):
            body += stream.read(size)
            stream.readline()
        return body, [line.decode('latin-1').strip() for line in iter(stream.readline, b'\r\n')]

    def told(self):
        start = self.body[:100].decode('latin-1')
        return {'method': self.method, 'target': self.target, 'version': self.version, 'headers': self.headers,
                'bytes': len(self.body), 'start': start, 'trailers': self.trailers}


def hints(request):
    """Answers before the answer: 100, 102, 103, each more than once."""
    for status in request.words[1].split(','):
        yield head(status + ' Hint', 'Link: </style.css>; rel=preload')
        time.sleep(0.1)
    if request.words[2:] == ['chunked']:
        yield head('200 OK', 'Transfer-Encoding: chunked') + chunk('HTTP/1.1 103 no hint')
        time.sleep(0.1)
        yield chunk('done') + chunk('')
    else:
        yield whole('done')


def large(request):
    """So many kilobytes of headers, in so many of them."""
    kilobytes, count = int(request.words[1]), int(request.words[2])
    value = 'x' * (kilobytes * 1024 // count - 12)
    yield whole('done', '200 OK', *('X-L-%06d: %s' % (number, value) for number in range(count)))


def stream(request):
    """Three pieces, half a second apart, as this type."""
    yield head('200 OK', 'Content-Type: ' + '/'.join(request.words[1:]), 'Transfer-Encoding: chunked')
    for piece in ('first', 'second', 'third'):
        yield chunk(piece + '\n')
        time.sleep(0.5)
    yield chunk('')


def patient(request):
    """Starts at once, is silent for so many seconds, and ends."""
    yield head('200 OK', 'Content-Type: ' + '/'.join(request.words[2:]), 'Transfer-Encoding: chunked') + chunk('first\n')
    time.sleep(float(request.words[1]))
    yield chunk('last\n') + chunk('')


def switch(request):
    key = request.header('sec-websocket-key') + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
    accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
    yield head('101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Accept: ' + accept)
    yield 'HTTP/1.1 103 as it is\r\n\r\n'


def answer(request):
    kind = request.words[0]
    if kind in ('up', 'ready'):
        yield whole('well')
    elif kind == 'seen':
        yield whole(json.dumps(seen))
    elif kind in behaviours:
        yield from behaviours[kind](request)
    else:
        yield whole(json.dumps(request.told()), '200 OK', 'Content-Type: application/json')


behaviours = {
    'hints': hints,
    'large': large,
    'stream': stream,
    'patient': patient,
    'switch': switch,
    'says': lambda request: [whole('the app says ' + request.words[1], request.words[1] + ' Said', 'X-Accel-Redirect: @lost')],
    'lost': lambda request: [],
    'junk': lambda request: ['no HTTP at all\r\n\r\n'],
    'late': lambda request: [time.sleep(float(request.words[1])) or whole('late')],
    'cut': lambda request: [head('200 OK', 'Content-Length: 100') + 'half of it'],
    'cut-chunked': lambda request: [head('200 OK', 'Transfer-Encoding: chunked') + chunk('half of it')],
    'trailers': lambda request: [
        head('200 OK', 'Content-Type: application/grpc-web+proto', 'Transfer-Encoding: chunked', 'Trailer: grpc-status')
        + chunk('frame') + '0\r\ngrpc-status: 0\r\n\r\n'],
    'cookies': lambda request: [whole('done', '200 OK', 'Set-Cookie: b=2', 'Set-Cookie: a=1', 'Set-Cookie: b=3')],
    'part': lambda request: [whole('part', '206 Partial Content', 'Content-Range: bytes 0-3/9')],
    'nothing': lambda request: [head('204 No Content')],
    'same': lambda request: [head('304 Not Modified', 'ETag: "v1"')],
    'page': lambda request: [whole('<p>page</p>' * 500, '200 OK', 'Content-Type: text/html', 'ETag: "v1"')],
    'until-closed': lambda request: [head('200 OK', 'Connection: close') + 'until the end'],
}


def converse(connection):
    with connection, connection.makefile('rb') as incoming:
        try:
            while True:
                request = Request(incoming)
                if request.words[0] not in ('up', 'seen', 'ready'):
                    seen.append(request.told())
                count = 0
                for piece in answer(request):
                    connection.sendall(piece.encode('latin-1'))
                    count += 1
                if count == 0 or request.words[0] in ('cut', 'cut-chunked', 'junk', 'until-closed', 'switch'):
                    return
        except (OSError, EOFError, ValueError):
            return


def listen(port):
    server = socket.create_server(('127.0.0.111', port), backlog=200)
    while True:
        connection, _ = server.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=converse, args=(connection,), daemon=True).start()


# The second one stands for the readiness that its server reports.
threading.Thread(target=listen, args=(3500,), daemon=True).start()
threading.Thread(target=listen, args=(3000,), daemon=True).start()
open('/run/app-listens', 'w').close()
os.setpgrp()
threading.Event().wait()

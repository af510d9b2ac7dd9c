"""Sends all requests at the same time, each as it is written, and tells when each piece of an answer came."""
import json
import os
import socket
import threading
import time


def visit(request):
    connection = socket.create_connection(('127.0.0.1', 80))
    began = time.monotonic()
    pieces, closed = [], False
    deadline = began + request.get('seconds', 4)
    waiting = list(request['send'])
    next_at = began
    while time.monotonic() < deadline and not closed:
        if waiting and time.monotonic() >= next_at:
            connection.sendall(waiting.pop(0).encode('latin-1'))
            next_at = time.monotonic() + request.get('pause', 0.3)
        connection.settimeout(0.02 if waiting else max(0.001, deadline - time.monotonic()))
        try:
            data = connection.recv(1 << 20)
            closed = not data
            if data:
                pieces.append([round(1000 * (time.monotonic() - began)), data.decode('latin-1')])
        except TimeoutError:
            pass
        except OSError:
            closed = True
    ended = round(1000 * (time.monotonic() - began))
    connection.close()
    return {'pieces': pieces, 'closed': closed, 'ms': ended}


def ask_app():
    try:
        return ask_it()
    except OSError:
        return []


def ask_it():
    with socket.create_connection(('127.0.0.111', 3000)) as connection:
        connection.sendall(b'GET /seen HTTP/1.1\r\n\r\n')
        with connection.makefile('rb') as answer:
            length = 0
            for line in iter(answer.readline, b'\r\n'):
                if line.lower().startswith(b'content-length:'):
                    length = int(line.split(b':')[1])
            return json.loads(answer.read(length))


def collect(path, lines):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    log.bind(path)
    os.chmod(path, 0o666)

    def read():
        while True:
            lines.append(log.recv(1 << 16).decode('latin-1'))

    threading.Thread(target=read, daemon=True).start()


def record(name, request):
    try:
        answers[name] = visit(request)
    except OSError as reason:
        answers[name] = {'pieces': [], 'closed': True, 'ms': 0, 'failure': str(reason)}


answers = {}
lines = []
for place in ('/var/lib/haproxy/dev/log', '/run/log-of-nginx'):
    collect(place, lines)
requests = json.load(open('/requests.json'))
threads = [threading.Thread(target=record, args=one) for one in requests.items()]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
time.sleep(0.3)
print(json.dumps({'answers': answers, 'seen': ask_app(), 'log': lines}))

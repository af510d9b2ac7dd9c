"""Stands where the sidecar's socket is, and remembers what arrives."""
import http.server
import json
import os
import socketserver

got = []


class App(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def answer(self):
        self.rfile.read(int(self.headers.get('Content-Length') or 0))
        if self.path == '/got':
            body = json.dumps(got).encode()
            got.clear()
        else:
            headers = {}
            for name, value in self.headers.items():
                before = headers.get(name.lower())
                headers[name.lower()] = value if before is None else before + ' and ' + value
            headers.pop('connection', None)
            headers.pop('content-length', None)
            if self.path not in ('/alive', '/_trimaran/alive'):
                got.append({'line': self.command + ' ' + self.path, 'headers': headers})
            body = b'ok'
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def address_string(self):
        return 'nginx'

    def log_message(self, *words):
        pass


server = socketserver.ThreadingUnixStreamServer('/run/haproxy/app.sock', App)
os.chmod('/run/haproxy/app.sock', 0o666)
server.serve_forever()

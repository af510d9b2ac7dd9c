"""
Calls etcd over its JSON gateway; both sides show a certificate of the stack. Every request has a deadline. Failures are
raised as OSError.
"""
import base64
import http.client
import json
import ssl

from decide import Key, Position, Promise, View


class Etcd:
    def __init__(self, addresses, port, scope, caller):
        """Asks the member on this server first, then the others."""
        self.members = [('127.0.0.1', port)] + [(address, port) for address in addresses]
        self.context = ssl.create_default_context(cafile=caller['authority'])
        self.context.load_cert_chain(caller['certificate'], caller['key'])
        self.folder = f'/service/{scope}/'

    def view(self, only_here=False, may_be_old=False):
        """All relevant keys at one revision. Unless it may be old, that is the present one, which needs a majority."""
        body = {'key': encode(self.folder), 'range_end': encode(self.folder[:-1] + '0'), 'serializable': may_be_old}
        rows = self.ask('kv/range', body, only_here).get('kvs', [])
        return read_view(self.folder, [read_key(row) for row in rows])

    def transact(self, change):
        """Carries out a transaction if the keys are unchanged (revision 0: absent). Returns whether it did."""
        puts = [{'request_put': {'key': encode(key.path), 'value': encode(key.value)}} for key in change['put']]
        body = {
            'compare': [{'key': encode(key.path), 'target': 'MOD', 'mod_revision': key.revision}
                        for key in change['unchanged']],
            'success': puts + [{'request_delete_range': {'key': encode(path)}} for path in change['delete']],
        }
        return self.ask('kv/txn', body).get('succeeded', False)

    def ask(self, path, body, only_here=False):
        problem = None
        for address, port in self.members[:1] if only_here else self.members:
            try:
                return self.ask_member(address, port, path, body, 0.3 if only_here else 0.7)
            except (OSError, http.client.HTTPException, ValueError) as error:
                problem = error
        raise OSError(f'no etcd member answers: {problem}')

    def ask_member(self, address, port, path, body, timeout):
        connection = http.client.HTTPSConnection(address, port, timeout=timeout, context=self.context)
        try:
            connection.request('POST', f'/v3/{path}', json.dumps(body))
            answer = connection.getresponse()
            text = answer.read().decode()
            if answer.status != 200:
                raise OSError(f'{address}: {text[:200]}')
            return json.loads(text)
        finally:
            connection.close()


def read_key(row):
    return Key(decode(row['key']), decode(row.get('value', '')), int(row['mod_revision']))


def read_view(folder, keys):
    named = {key.path[len(folder):]: key for key in keys}
    observers = {path[len('observer/'):]: key for path, key in sorted(named.items()) if path.startswith('observer/')}
    sync, config, term = (read_object(named.get(name)) for name in ('sync', 'config', 'established'))
    return View(
        leader=named.get('leader'),
        sync=named.get('sync'),
        config=named.get('config'),
        established=named.get('established'),
        sync_leader=sync.get('leader') or '',
        standbys=frozenset(name.strip() for name in (sync.get('sync_standby') or '').split(',') if name.strip()),
        quorum=int(sync.get('quorum') or 0),
        acts=config.get('synchronous_mode') == 'quorum' and not config.get('pause'),
        holder=term.get('holder') or '',
        term=int(term.get('term') or 0),
        timeline=int(term.get('timeline') or 0),
        promises=tuple(promise for name, key in observers.items() for promise in read_promise(name, key)),
        observers=observers,
    )


def read_promise(name, key):
    """None where the key's value is not understood: then it is not a promise."""
    value = read_object(key)
    figures = [value.get(field) for field in ('silent', 'timeline', 'lsn')]
    if any(type(figure) is not int for figure in figures):
        return []
    return [Promise(name, figures[0], Position(*figures[1:]), key)]


def read_object(key):
    try:
        value = json.loads(key.value) if key else None
    except ValueError:
        value = None
    return value if isinstance(value, dict) else {}


def encode(text):
    return base64.b64encode(text.encode()).decode()


def decode(text):
    return base64.b64decode(text).decode()

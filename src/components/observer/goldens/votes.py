"""The votes: etcd over its JSON gateway. Every answer has its deadline; what fails is an OSError."""
import base64
import http.client
import json

from decide import Key, Promise, View


class Votes:
    def __init__(self, addresses, port, scope):
        """The member on this server first, then the others."""
        self.members = [('127.0.0.1', port)] + [(address, port) for address in addresses]
        self.folder = f'/service/{scope}/'
        self.promises = f'{self.folder}observer/'

    def view(self, only_here=False, may_be_old=False):
        """All that matters, as of one revision; that of now, for which a majority is needed, unless it may be old."""
        body = {'key': encode(self.folder), 'range_end': encode(self.folder[:-1] + '0'), 'serializable': may_be_old}
        rows = self.ask('kv/range', body, only_here).get('kvs', [])
        return read_view(self.folder, [read_key(row) for row in rows])

    def grant(self, seconds):
        return int(self.ask('lease/grant', {'TTL': seconds})['ID'])

    def revoke(self, lease):
        """Once this returned, what was put with the lease is gone, and no late put with it can succeed."""
        self.ask('lease/revoke', {'ID': lease}, allowed='requested lease not found')

    def promise(self, name, leader_revision, lease):
        value = json.dumps({'leader_revision': leader_revision})
        self.ask('kv/put', {'key': encode(self.promises + name), 'value': encode(value), 'lease': lease})

    def transact(self, change):
        """Whether nothing had changed, so that the transaction was carried out."""
        put, delete = change['put'], change['delete']
        body = {
            'compare': [{'key': encode(key.path), 'target': 'MOD', 'mod_revision': key.revision}
                        for key in change['unchanged']],
            'success': [{'request_put': {'key': encode(put.path), 'value': encode(put.value)}},
                        {'request_delete_range': {'key': encode(delete.path)}}],
        }
        return self.ask('kv/txn', body).get('succeeded', False)

    def ask(self, path, body, only_here=False, allowed=None):
        problem = None
        for address, port in self.members[:1] if only_here else self.members:
            try:
                return ask_member(address, port, path, body, 0.3 if only_here else 0.7, allowed)
            except (OSError, http.client.HTTPException, ValueError) as error:
                problem = error
        raise OSError(f'no vote answers: {problem}')


def ask_member(address, port, path, body, timeout, allowed):
    connection = http.client.HTTPConnection(address, port, timeout=timeout)
    try:
        connection.request('POST', f'/v3/{path}', json.dumps(body))
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status != 200 and not (allowed and allowed in text):
            raise OSError(f'{address}: {text[:200]}')
        return json.loads(text)
    finally:
        connection.close()


def read_key(row):
    return Key(decode(row['key']), decode(row.get('value', '')), int(row['mod_revision']), int(row.get('lease', 0)))


def read_view(folder, keys):
    named = {key.path[len(folder):]: key for key in keys}
    sync, config = read_object(named.get('sync')), read_object(named.get('config'))
    return View(
        leader=named.get('leader'),
        sync=named.get('sync'),
        config=named.get('config'),
        sync_leader=sync.get('leader') or '',
        standbys=frozenset(name.strip() for name in (sync.get('sync_standby') or '').split(',') if name.strip()),
        acts=config.get('synchronous_mode') == 'quorum' and not config.get('pause'),
        promises=tuple(Promise(path[len('observer/'):], read_object(key).get('leader_revision', 0), key)
                       for path, key in sorted(named.items()) if path.startswith('observer/')),
    )


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

"""PostgreSQL on this server: its state, from which server it may receive, and how it is stopped as a primary."""
import os
import pathlib
import re
import signal
import subprocess
import time

from decide import Awaited, Position, anybody
from signs import mark

table = 'trimaran-promise'
recovery = ("select pg_is_in_recovery()::int, coalesce(greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0', 0),"
            " (pg_last_wal_receive_lsn() is not null or exists (select from pg_stat_activity where backend_type = 'startup'"
            " and wait_event in ('RecoveryWalStream', 'RecoveryRetrieveRetryInterval')))::int")
awaited_names = ("select coalesce((select setting from pg_file_settings where name = 'synchronous_standby_names'"
                 " order by seqno desc limit 1), '')")


class Postgres:
    def __init__(self, data, psql, sockets, port, restPort, etcdPort):
        self.data, self.psql, self.sockets = pathlib.Path(data), psql, sockets
        self.port, self.rest_port, self.etcd_port = port, restPort, etcdPort
        self.rules, self.listed = None, None

    def restrict(self, receives_from, others, silent=None, suspected=None):
        """
        Allows receiving only from one of the others (or from anybody, or nobody). The silent server is refused completely, so
        it also cannot get permission to stay primary without etcd (failsafe). Connections are refused, not dropped, so that nothing
        waits. Patroni here may watch the etcd member of the suspected server, and would notice nothing until its next turn: that
        connection is ended, and new ones are refused, so that Patroni watches another member in time.
        """
        outgoing, incoming = [], []
        if receives_from != anybody:
            refused = ', '.join(sorted(set(others) - {receives_from}))
            outgoing += [f'ip daddr {{ {refused} }} tcp dport {self.port} reject with tcp reset'] if refused else []
        if silent:
            ports = f'{self.port}, {self.rest_port}'
            outgoing += [f'ip daddr {silent} tcp dport {{ {ports}, {self.etcd_port} }} reject with tcp reset',
                         f'ip daddr {silent} tcp sport {{ {ports} }} reject with tcp reset']
            incoming += [f'ip saddr {silent} tcp dport {{ {ports} }} reject with tcp reset']
        if suspected and not silent:
            outgoing += [f'ip daddr {suspected} tcp dport {self.etcd_port} reject with tcp reset']
        rules = (tuple(outgoing), tuple(incoming))
        if rules != self.rules:
            self.rules = None
            self.load(rules)
            self.listed, self.rules = list_rules(), rules
            if suspected and not silent:
                run(['ss', '-K', '-tn', 'dst', suspected, 'dport', '=', f':{self.etcd_port}'])

    def is_restricted(self):
        """Whether the rules are still as loaded: others may have emptied the kernel's rules meanwhile."""
        return self.rules is not None and list_rules() == self.listed

    def put_back(self):
        rules, self.rules = self.rules, None
        if rules is not None:
            self.load(rules)
            self.listed, self.rules = list_rules(), rules

    def load(self, rules):
        """Replaces the rules in one step; the observer's own probes pass."""
        outgoing, incoming = ('\n'.join(lines) for lines in rules)
        run(['nft', '-f', '-'], f"""
            table inet {table}
            delete table inet {table}
            table inet {table} {{
                chain outgoing {{
                    type filter hook output priority -50
                    meta mark {mark} accept
                    {outgoing}
                }}
                chain incoming {{
                    type filter hook input priority -50
                    {incoming}
                }}
            }}""")

    def stop_receiver(self, seconds=1.0):
        """Ends the WAL receiver, which receives and confirms. True once it is gone: then the log here no longer grows."""
        receivers = find_receivers()
        for pid in receivers:
            try:
                os.kill(pid, signal.SIGTERM)
            except ProcessLookupError:
                pass
        deadline = time.monotonic() + seconds
        while receivers & find_receivers():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True

    def position(self):
        """
        How far the log of this replica reaches. None while that is not certain: after a start, until PostgreSQL has read all that is
        on disk. The timeline is that of the newest log file.
        """
        row = self.query(recovery)
        is_replica, lsn, is_certain = (int(figure) for figure in row.split('|')) if row else (0, 0, 0)
        if not is_replica or not is_certain or not lsn:
            return None
        return Position(max(self.timelines(r'[0-9A-F]{24}')), lsn)

    def timelines(self, pattern):
        names = os.listdir(self.data / 'pg_wal')
        return [int(name[:8], 16) for name in names if re.fullmatch(pattern, name)]

    def newest_timeline(self):
        """The highest timeline number here; PostgreSQL takes the next one when it is promoted."""
        return max(self.timelines(r'[0-9A-F]{24}|[0-9A-F]{8}\.history'))

    def awaited(self):
        """
        What PostgreSQL will wait for as a primary, by Patroni's setting. Read from the files, since the process may not have read
        them yet. None where it is not known, or not in Patroni's form.
        """
        text = self.query(awaited_names)
        if text is None:
            return None
        found = re.fullmatch(r'ANY (\d+) \((.*)\)', text)
        if found:
            return Awaited(frozenset(name.strip().strip('"') for name in found[2].split(',')), int(found[1]))
        return Awaited(frozenset(), 0) if text == '' else None

    def last_message(self, address):
        """
        A value that changes with each message from the primary's process: the time of sending, and how far its log reaches. None
        where nothing is received from there.
        """
        return self.query('select last_msg_send_time, latest_end_lsn from pg_stat_wal_receiver'
                          f" where status = 'streaming' and sender_host = '{address}'", 0.5) or None

    def looks_like_primary(self):
        """A cheap check, which may be wrong for a moment."""
        return (self.data / 'postmaster.pid').exists() and not (self.data / 'standby.signal').exists()

    def is_primary(self):
        return self.looks_like_primary() and self.query('select not pg_is_in_recovery()') == 't'

    def end(self):
        """Stops it at once, like a crash. Patroni starts it again in the right role."""
        os.kill(int((self.data / 'postmaster.pid').read_text().split()[0]), signal.SIGQUIT)

    def query(self, question, seconds=2):
        try:
            return run([self.psql, '-XAtqc', question, '-h', self.sockets, '-d', 'postgres'], seconds=seconds).strip()
        except (OSError, subprocess.SubprocessError):
            return None


class NoPostgres:
    """An etcd member without a database has nothing to confirm: its promise only means that it agrees."""

    def restrict(self, receives_from, others, silent=None, suspected=None):
        pass

    def is_restricted(self):
        return True

    def stop_receiver(self):
        return True

    def position(self):
        return Position(0, 0)

    def last_message(self, address):
        return None

    def looks_like_primary(self):
        return False

    def is_primary(self):
        return False


def find_receivers():
    return {int(pid) for pid in os.listdir('/proc') if pid.isdigit() and is_receiver(pid)}


def is_receiver(pid):
    try:
        title = pathlib.Path('/proc', pid, 'cmdline').read_bytes()
    except OSError:
        return False
    return re.match(rb'postgres: .*walreceiver', title) is not None


def list_rules():
    """Our rules in the kernel; None where there are none."""
    try:
        return run(['nft', 'list', 'table', 'inet', table])
    except subprocess.CalledProcessError:
        return None


def run(words, text=None, seconds=2):
    return subprocess.run(words, input=text, capture_output=True, text=True, timeout=seconds, check=True).stdout

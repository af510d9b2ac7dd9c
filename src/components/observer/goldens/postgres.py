"""PostgreSQL on this server: what it does, and how it is kept from confirming or from going on as a primary."""
import os
import pathlib
import re
import signal
import subprocess
import time

from signs import mark

table = 'trimaran-promise'


class Postgres:
    def __init__(self, data, psql, sockets, ports, votesPort):
        self.data, self.psql, self.sockets = pathlib.Path(data), psql, sockets
        self.ports, self.votes_port = ', '.join(map(str, ports)), votesPort

    def ask_other_votes(self, address):
        """
        Patroni here may be listening to the vote of the server that fell silent, and would hear of nothing until its
        next turn. Its connections to it end, and new ones are refused, so that it listens to another one in time.
        """
        self.rule(f'ip daddr {address} tcp dport {self.votes_port} reject with tcp reset')
        run(['ss', '-K', '-tn', 'dst', address, 'dport', '=', f':{self.votes_port}'])

    def refuse(self, address):
        """
        Nothing of PostgreSQL and Patroni reaches this address any more, and nothing of its own reaches them: no
        confirmation, and no leave to stay in office without votes (failsafe). Refused, not dropped: nobody waits.
        """
        self.rule(f"""
            ip daddr {address} tcp dport {{ {self.ports}, {self.votes_port} }} reject with tcp reset
            ip daddr {address} tcp sport {{ {self.ports} }} reject with tcp reset""", f"""
            ip saddr {address} tcp dport {{ {self.ports} }} reject with tcp reset""")

    def rule(self, outgoing, incoming=''):
        """In one step instead of what was there before; the observer's own knocks pass."""
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

    def allow(self):
        run(['nft', '-f', '-'], f'table inet {table}\ndelete table inet {table}\n')

    def stop_receiver(self, seconds=1.0):
        """
        Ends what receives and confirms; True once it is gone. From then on nothing more is written here, so that
        whatever was ever confirmed is what this server has when the candidates are compared.
        """
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

    def is_free_of(self, address):
        """Whether it leads itself, or receives from another."""
        question = ("select not pg_is_in_recovery() or exists (select from pg_stat_wal_receiver"
                    f" where status = 'streaming' and sender_host <> '{address}')")
        return self.query(question) == 't'

    def looks_like_primary(self):
        """Costs nothing, and may be wrong for a moment."""
        return (self.data / 'postmaster.pid').exists() and not (self.data / 'standby.signal').exists()

    def is_primary(self):
        return self.looks_like_primary() and self.query('select not pg_is_in_recovery()') == 't'

    def end(self):
        """Stops it at once, as a crash would; Patroni starts it again as whatever it may then be."""
        os.kill(int((self.data / 'postmaster.pid').read_text().split()[0]), signal.SIGQUIT)

    def query(self, question):
        try:
            return run([self.psql, '-XAtqc', question, '-h', self.sockets, '-d', 'postgres']).strip()
        except (OSError, subprocess.SubprocessError):
            return None


class NoPostgres:
    """A vote without data has nothing to confirm: its promise is that it agrees."""

    def ask_other_votes(self, address):
        pass

    def refuse(self, address):
        pass

    def allow(self):
        pass

    def stop_receiver(self):
        return True

    def is_free_of(self, address):
        return True

    def looks_like_primary(self):
        return False


def find_receivers():
    return {int(pid) for pid in os.listdir('/proc') if pid.isdigit() and is_receiver(pid)}


def is_receiver(pid):
    try:
        title = pathlib.Path('/proc', pid, 'cmdline').read_bytes()
    except OSError:
        return False
    return re.match(rb'postgres: .*walreceiver', title) is not None


def run(words, text=None):
    return subprocess.run(words, input=text, capture_output=True, text=True, timeout=2, check=True).stdout

"""The promise itself: a real nftables, and a neighbour in a network of its own."""
import errno
import socket
import subprocess
import sys
import unittest

from postgres import Postgres
from signs import Signs

here, primary, other = '198.18.0.192', '198.18.0.191', '198.18.0.193'
neighbour = f"""
import socket, time
ports = (5432, 8008, 2379, 2380)
doors = [socket.create_server((address, port)) for address in ('{primary}', '{other}') for port in ports]
print('open', flush=True)
time.sleep(60)
"""
cable = [
    'link set lo up',
    'netns add neighbour',
    'link add near type veth peer name far netns neighbour',
    f'address add {here}/24 dev near',
    'link set near up',
    f'-n neighbour address add {primary}/24 dev far',
    f'-n neighbour address add {other}/24 dev far',
    '-n neighbour link set far up',
]


def knock(address, port):
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((address, port))


class ThePromise(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        for words in cable:
            subprocess.run(['ip', *words.split()], check=True)
        words = ['ip', 'netns', 'exec', 'neighbour', sys.executable, '-c', neighbour]
        cls.neighbour = subprocess.Popen(words, stdout=subprocess.PIPE)
        cls.neighbour.stdout.readline()
        cls.postgres = Postgres('/nowhere', 'psql', '/nowhere', [5432, 8008], 2379)

    @classmethod
    def tearDownClass(cls):
        cls.neighbour.kill()
        cls.neighbour.communicate()

    def tearDown(self):
        self.postgres.allow()

    def test_is_kept_and_taken_back(self):
        connected = socket.create_connection((primary, 5432))
        connected.settimeout(2)
        self.postgres.refuse(primary)
        for port in (5432, 8008, 2379):
            self.assertEqual(knock(primary, port), errno.ECONNREFUSED)
        self.assertEqual(knock(primary, 2380), 0, 'the votes go on talking to each other')
        self.assertEqual(knock(other, 5432), 0, 'so does this server with others')
        with self.assertRaises(ConnectionError, msg='what was connected before is cut off at once'):
            connected.sendall(b'a confirmation')
            connected.recv(1)
        self.postgres.allow()
        self.assertEqual(knock(primary, 5432), 0)
        connected.close()

    def test_is_not_yet_made_when_only_another_vote_is_asked(self):
        listening = socket.create_connection((primary, 2379))
        listening.settimeout(2)
        self.postgres.ask_other_votes(primary)
        with self.assertRaises(ConnectionError, msg='who listens to the silent vote is woken at once'):
            listening.recv(1)
        self.assertEqual(knock(primary, 2379), errno.ECONNREFUSED)
        self.assertEqual(knock(primary, 5432), 0)

    def test_is_about_one_server_only(self):
        self.postgres.refuse(primary)
        self.postgres.refuse(other)
        self.assertEqual(knock(primary, 5432), 0)
        self.assertEqual(knock(other, 5432), errno.ECONNREFUSED)

    def test_does_not_make_its_own_knocks_fail_or_look_answered(self):
        self.postgres.refuse(primary)
        self.postgres.stop_receiver()
        signs = Signs([5432])
        signs.ask([primary])
        self.assertEqual(signs.wait(0.3)[0], {primary})
        subprocess.run('ip -n neighbour link set far down'.split(), check=True)
        signs.ask([primary])
        self.assertEqual(signs.wait(0.3)[0], set())
        subprocess.run('ip -n neighbour link set far up'.split(), check=True)


if __name__ == '__main__':
    unittest.main()

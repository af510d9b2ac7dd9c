"""The promise itself, with a real nftables in a network of its own."""
import errno
import socket
import subprocess
import unittest

from postgres import Postgres
from signs import Signs

primary, other = '198.18.0.191', '198.18.0.193'


def knock(address, port, source=None):
    with socket.socket() as probe:
        probe.settimeout(1)
        if source:
            probe.bind((source, 0))
        return probe.connect_ex((address, port))


class ThePromise(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        for words in (['link', 'set', 'lo', 'up'], ['address', 'add', f'{primary}/32', 'dev', 'lo'],
                      ['address', 'add', f'{other}/32', 'dev', 'lo']):
            subprocess.run(['ip', *words], check=True)
        cls.doors = [socket.create_server((address, port)) for address in (primary, other) for port in (5432, 8008, 2379)]
        cls.postgres = Postgres('/nowhere', 'psql', '/nowhere', [5432, 8008])

    def tearDown(self):
        self.postgres.allow()

    def test_is_kept_and_taken_back(self):
        connected = socket.create_connection((primary, 5432))
        connected.settimeout(1)
        self.postgres.refuse(primary)
        self.assertEqual(knock(primary, 5432), errno.ECONNREFUSED)
        self.assertEqual(knock(primary, 8008), errno.ECONNREFUSED)
        self.assertEqual(knock(primary, 2379), 0, 'the votes go on talking')
        self.assertEqual(knock(other, 5432), 0, 'so do the others')
        with self.assertRaises(OSError, msg='what was connected before is cut off too'):
            connected.sendall(b'a confirmation')
            connected.sendall(b'another')
            connected.recv(1)
        self.postgres.allow()
        self.assertEqual(knock(primary, 5432), 0)

    def test_is_made_twice_without_harm(self):
        self.postgres.refuse(primary)
        self.postgres.refuse(other)
        self.assertEqual(knock(primary, 5432), 0)
        self.assertEqual(knock(other, 5432), errno.ECONNREFUSED)

    def test_does_not_make_its_own_knocks_fail_or_look_answered(self):
        self.postgres.refuse(primary)
        signs = Signs([5432])
        signs.ask([primary])
        self.assertEqual(signs.wait(0.2)[0], {primary})
        signs.ask(['198.18.0.250'])
        self.assertEqual(signs.wait(0.2)[0], set())


if __name__ == '__main__':
    unittest.main()

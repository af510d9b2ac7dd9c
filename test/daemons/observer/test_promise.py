"""From whom is received: a real nftables, and a neighbour in a network of its own."""
import errno
import socket
import subprocess
import sys
import unittest

from decide import anybody, nobody
from postgres import Postgres, list_rules
from signs import Signs

here, primary, other = '198.18.0.192', '198.18.0.191', '198.18.0.193'
neighbour = f"""
import socket, time
ports = (5432, 8008, 2379, 2380)
listeners = [socket.create_server((address, port)) for address in ('{primary}', '{other}') for port in ports]
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
        cls.postgres = Postgres('/nowhere', 'psql', '/nowhere', 5432, 8008, 2379)

    @classmethod
    def tearDownClass(cls):
        cls.neighbour.kill()
        cls.neighbour.communicate()

    def restrict(self, receives_from, **more):
        self.postgres.restrict(receives_from, {primary, other}, **more)

    def setUp(self):
        self.restrict(anybody)

    def test_from_nobody(self):
        connected = socket.create_connection((primary, 5432))
        connected.settimeout(2)
        self.restrict(nobody)
        self.assertEqual([knock(address, 5432) for address in (primary, other)], [errno.ECONNREFUSED] * 2)
        self.assertEqual([knock(primary, port) for port in (8008, 2379, 2380)], [0, 0, 0])
        with self.assertRaises(ConnectionError, msg='what was connected before is cut off at once'):
            connected.sendall(b'a confirmation')
            connected.recv(1)
        self.restrict(anybody)
        self.assertEqual(knock(primary, 5432), 0)
        connected.close()

    def test_from_one_server_only(self):
        self.restrict(other)
        self.assertEqual([knock(address, 5432) for address in (primary, other)], [errno.ECONNREFUSED, 0])
        self.restrict(primary)
        self.assertEqual([knock(address, 5432) for address in (primary, other)], [0, errno.ECONNREFUSED])

    def test_who_is_silent_is_refused_altogether(self):
        self.restrict(nobody, silent=primary)
        self.assertEqual([knock(primary, port) for port in (5432, 8008, 2379)], [errno.ECONNREFUSED] * 3)
        self.assertEqual(knock(primary, 2380), 0, 'etcd members go on talking to each other')
        self.assertEqual([knock(other, port) for port in (8008, 2379)], [0, 0], 'so does this server with others')

    def test_who_is_suspected_is_not_listened_to(self):
        listening = socket.create_connection((primary, 2379))
        listening.settimeout(2)
        self.restrict(primary, suspected=primary)
        with self.assertRaises(ConnectionError, msg='who listens to the unreachable etcd member is woken at once'):
            listening.recv(1)
        self.assertEqual(knock(primary, 2379), errno.ECONNREFUSED)
        self.assertEqual(knock(primary, 5432), 0)

    def test_notices_when_the_rules_are_gone_or_changed(self):
        self.restrict(nobody)
        self.assertTrue(self.postgres.is_restricted())
        for damage in ('flush ruleset', 'flush chain inet trimaran-promise outgoing',
                       'insert rule inet trimaran-promise outgoing accept', 'delete table inet trimaran-promise'):
            subprocess.run(['nft', damage], check=True)
            self.assertFalse(self.postgres.is_restricted(), damage)
            self.postgres.put_back()
            self.assertTrue(self.postgres.is_restricted())
            self.assertEqual(knock(primary, 5432), errno.ECONNREFUSED, damage)

    def test_one_that_did_not_put_the_rules_there_does_not_rely_on_them(self):
        self.restrict(nobody)
        self.assertFalse(Postgres('/nowhere', 'psql', '/nowhere', 5432, 8008, 2379).is_restricted())
        self.assertIsNotNone(list_rules())

    def test_does_not_make_its_own_knocks_fail_or_look_answered(self):
        self.restrict(nobody, silent=primary)
        self.postgres.stop_receiver()
        signs = Signs({primary: [5432]})
        signs.ask([primary])
        self.assertEqual(signs.wait(0.3)[0], {primary})
        subprocess.run('ip -n neighbour link set far down'.split(), check=True)
        signs.ask([primary])
        self.assertEqual(signs.wait(0.3)[0], set())
        subprocess.run('ip -n neighbour link set far up'.split(), check=True)


if __name__ == '__main__':
    unittest.main()

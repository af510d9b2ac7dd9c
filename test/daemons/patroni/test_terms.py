"""Debian's Patroni, as our program changes it, and a real etcd: by whom and when the key sync can be changed."""
import importlib.machinery
import importlib.util
import json
import pathlib
import subprocess
import tempfile
import time
import unittest

import etcd
import terms
from patroni.dcs import get_dcs
from patroni.dcs.etcd3 import Etcd3Error

loader = importlib.machinery.SourceFileLoader('patroni_in_terms', str(pathlib.Path(terms.__file__).with_name('patroni')))
loader.exec_module(importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader)))


def connect(name):
    where = {'hosts': ['127.0.0.1:2379'], 'protocol': 'http'}
    return get_dcs({'etcd3': where, 'scope': 's', 'name': name, 'ttl': 20, 'loop_wait': 2, 'retry_timeout': 3})


class WhoConfirms(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.etcd = subprocess.Popen(['etcd', '--data-dir', tempfile.mkdtemp(), '--log-level', 'error'])
        cls.one, cls.two = connect('db-1'), connect('db-2')

    @classmethod
    def tearDownClass(cls):
        cls.etcd.terminate()

    def setUp(self):
        self.one.get_cluster(), self.two.get_cluster()
        self.put('sync', {'leader': 'db-1', 'quorum': 1, 'sync_standby': 'db-2,db-3'})
        self.one._client.deleterange('/service/s/established')

    def put(self, name, value):
        self.one._client.put(f'/service/s/{name}', json.dumps(value))

    def without_answer(self, server):
        """The next transaction is sent, and its answer never comes. What was sent."""
        sync, ask, sent = self.read(server), server._client.call_rpc, []

        def lose(method, fields, retry=None):
            if method != '/kv/txn':
                return ask(method, fields, retry)
            sent.append(fields)
            raise etcd.EtcdException('no answer')

        server._client.call_rpc = lose
        try:
            self.assertIsNone(self.change(server, sync))
        finally:
            server._client.call_rpc = ask
        return sent[0]

    def carry_out(self, sent):
        return self.two._client.call_rpc('/kv/txn', dict(sent)).get('succeeded', False)

    def read(self, server):
        """As its Patroni has it, once the watch has brought what is in etcd."""
        time.sleep(0.3)
        return server.get_cluster().sync

    def change(self, server, sync=None):
        sync = sync or self.read(server)
        return server.write_sync_state(server._name, ['db-3'], 0, version=sync.version)

    def test_is_changed_by_the_holder(self):
        self.put('established', {'holder': 'db-1', 'term': 5, 'timeline': 1})
        changed = self.change(self.one)
        self.assertEqual((changed.leader, changed.sync_standby), ('db-1', 'db-3'))
        self.assertEqual(self.read(self.two), changed)
        self.assertTrue(self.change(self.one, changed), 'it knows the revision of what it wrote')

    def test_is_not_changed_by_another(self):
        self.put('established', {'holder': 'db-1', 'term': 5, 'timeline': 1})
        was = self.read(self.two)
        self.assertIsNone(self.change(self.two))
        self.assertEqual(self.read(self.two), was)

    def test_is_not_changed_by_anybody_where_the_term_is_not_understood(self):
        self.put('established', 'db-1')
        self.assertIsNone(self.change(self.one))

    def test_is_changed_by_whoever_leads_before_there_is_a_holder(self):
        self.assertTrue(self.change(self.two))

    def test_is_not_changed_by_what_was_read_before(self):
        self.put('established', {'holder': 'db-1', 'term': 5, 'timeline': 1})
        was = self.read(self.one)
        self.put('sync', {'leader': 'db-1', 'quorum': 0, 'sync_standby': 'db-2'})
        self.assertIsNone(self.change(self.one, was))

    def test_is_not_changed_by_a_request_without_an_answer_once_patroni_looked_again(self):
        sent = self.without_answer(self.one)
        was = self.one.get_cluster().sync
        self.assertFalse(self.carry_out(sent))
        self.assertEqual(self.read(self.one)[1:], was[1:])

    def test_is_changed_by_such_a_request_before(self):
        sent = self.without_answer(self.one)
        self.assertTrue(self.carry_out(sent))
        self.assertEqual(self.one.get_cluster().sync.sync_standby, 'db-3')

    def test_is_not_changed_by_what_a_run_before_asked_for(self):
        sent = self.without_answer(self.one)
        connect('db-1').get_cluster()
        self.assertFalse(self.carry_out(sent))

    def test_is_not_looked_at_while_that_is_not_certain(self):
        self.without_answer(self.one)
        settled = self.one._client.range

        def fail(*_, **named):
            raise etcd.EtcdException('no answer')

        self.one._client.range = fail
        try:
            with self.assertRaises(Etcd3Error):
                self.one.get_cluster()
        finally:
            self.one._client.range = settled
        self.assertTrue(self.one.get_cluster())

    def test_is_made_where_it_is_not_there(self):
        self.one._client.deleterange('/service/s/sync')
        self.assertTrue(self.change(self.one))

    def test_is_not_changed_where_the_term_ends_between_the_look_and_the_transaction(self):
        self.put('established', {'holder': 'db-1', 'term': 5, 'timeline': 1})
        sync, ask = self.read(self.one), self.one._client.call_rpc

        def another_establishes_first(method, *more, **named):
            if method == '/kv/txn':
                self.two._client.put('/service/s/established', json.dumps({'holder': 'db-2', 'term': 9, 'timeline': 2}))
            return ask(method, *more, **named)

        self.one._client.call_rpc = another_establishes_first
        try:
            self.assertIsNone(self.change(self.one, sync))
        finally:
            self.one._client.call_rpc = ask


if __name__ == '__main__':
    unittest.main()

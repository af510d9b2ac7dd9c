"""Patroni's question to the observer, as curl puts it."""
import pathlib
import subprocess
import tempfile
import threading
import time
import unittest

from requests import Requests, patience

path = pathlib.Path(tempfile.mkdtemp(), 'requests')


def ask():
    """How curl ends, and what it says; as in the script that Patroni runs."""
    words = ['curl', '-q', '-s', '--fail-with-body', '--noproxy', '*', '--max-time', '3', '--unix-socket', str(path),
             'http://observer/establish']
    ended = subprocess.run(words, capture_output=True, text=True)
    return ended.returncode, ended.stdout.strip()


def ask_while(verdicts):
    """What curl gets from an observer that comes to these verdicts, turn by turn; the last of them stays."""
    requests, asked = Requests(path), []
    caller = threading.Thread(target=lambda: asked.append(ask()))
    caller.start()
    began = time.monotonic()
    while caller.is_alive() and time.monotonic() - began < 10:
        requests.answer(lambda: (verdicts.pop(0) if len(verdicts) > 1 else verdicts[0], 'because'))
        time.sleep(0.05)
    requests.listener.close()
    return asked[0]


class Test(unittest.TestCase):
    def test_yes(self):
        self.assertEqual(ask_while(['wait', 'yes']), (0, 'establishes its term: yes, because'))

    def test_no(self):
        self.assertEqual(ask_while(['wait', 'no']), (22, 'establishes its term: no, because'))

    def test_no_verdict(self):
        """Neither yes nor no, and before curl gives up: the program goes on from there."""
        began = time.monotonic()
        self.assertEqual(ask_while(['wait']), (52, ''))
        self.assertGreaterEqual(time.monotonic() - began, patience)

    def test_no_observer(self):
        self.assertNotIn(ask()[0], (0, 22))

    def test_a_caller_that_is_gone(self):
        """Killed before it was answered: the next one is."""
        requests = Requests(path)
        gone = subprocess.Popen(['curl', '-s', '--unix-socket', str(path), 'http://observer/'])
        time.sleep(0.2)
        requests.answer(lambda: ('wait', ''))
        gone.kill()
        gone.wait()
        requests.answer(lambda: ('yes', 'too late'))
        requests.listener.close()
        self.assertEqual(ask_while(['yes']), (0, 'establishes its term: yes, because'))


if __name__ == '__main__':
    unittest.main()

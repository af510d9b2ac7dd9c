"""
Thousands of random courses of the model in model.py: nothing that was acknowledged may be missing from a server that has
established its term. That each rule is needed: test_courses.py.
    python3 -B test_model.py 100000 FOLDER-OF-decide.py FOLDER-OF-terms.py     (of the observer, and of Patroni)
"""
import multiprocessing
import random
import sys
import unittest

if len(sys.argv) > 2:
    sys.path[:0] = sys.argv[2:]
from model import Tier

sizes = [(3, 1), (3, 1), (4, 1), (4, 2), (5, 2), (2, 1)]


def run_course(seed, length=700):
    """How often somebody was established in the course of this number; raises Lost."""
    dice = random.Random(seed)
    tier = Tier(dice, *sizes[seed % len(sizes)])
    for _ in range(length):
        tier.step()
    return tier.established, len(tier.acknowledged)


def run_courses(courses):
    established, acknowledged = zip(*map(run_course, courses))
    return sum(established), sum(acknowledged)


class NothingAcknowledgedIsLost(unittest.TestCase):
    def test_in_random_courses(self):
        established, acknowledged = run_courses(range(120))
        self.assertGreater(established, 60)
        self.assertGreater(acknowledged, 1000)


def run_many(count):
    """On all cores; the first course in which a write is lost ends it."""
    pieces = [range(start, min(start + 500, count)) for start in range(0, count, 500)]
    done = established = acknowledged = 0
    with multiprocessing.Pool() as pool:
        for piece, figures in zip(pieces, pool.imap(run_courses, pieces)):
            done, established, acknowledged = done + len(piece), established + figures[0], acknowledged + figures[1]
    print(f'{done} courses: {established} terms established, {acknowledged} writes acknowledged, none lost')


if __name__ == '__main__':
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        run_many(int(sys.argv[1]))
    else:
        unittest.main()

# Runs on a database server for as long as a case lasts: ten times a second, is PostgreSQL here a primary, on which
# timeline, and when did it last acknowledge a write that was made on this very server?
#   sampler.py FOLDER    until FOLDER/stop exists; lines of JSON in FOLDER/samples
import json, os, sys, threading, time
import psycopg2

folder = sys.argv[1]
out = open(f'{folder}/samples', 'a', buffering=1)


def over():
    return os.path.exists(f'{folder}/stop')


def say(**what):
    out.write(json.dumps({'at': int(time.time() * 1000), **what}) + '\n')


def connect(options=''):
    connection = psycopg2.connect(host='/var/run/postgresql', user='postgres', dbname='postgres', connect_timeout=2, options=options)
    connection.autocommit = True
    return connection.cursor()


def watch_role():
    cursor, last = None, None
    while not over():
        try:
            cursor = cursor or connect()
            cursor.execute("select pg_is_in_recovery(), case when pg_is_in_recovery() then 0 else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int end")
            recovering, timeline = cursor.fetchone()
            role = 'replica' if recovering else f'primary on {timeline}'
        except psycopg2.Error:
            cursor, role, recovering = None, 'down', True
        if role != last or not recovering:
            say(role=role)
        last = role
        time.sleep(0.1)


# A write that waits for its confirmation is neither cancelled nor repeated: a cancelled one would count as acknowledged.
def watch_writes():
    cursor = None
    while not over():
        try:
            cursor = cursor or connect()
            cursor.execute("select ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int from (select pg_logical_emit_message(true, 'test', 'x')) as written")
            timeline = cursor.fetchone()[0]
            say(wrote=timeline)
        except psycopg2.Error:
            cursor = None
        time.sleep(0.1)


threading.Thread(target=watch_writes, daemon=True).start()
watch_role()

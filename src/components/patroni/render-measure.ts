import { placedByTrimaran } from '../placed.ts'
import { places, postgresPort } from './places.ts'

/** Measures what writers notice while the lead moves. */
export function renderMeasureWrites(): string {
  return `#!/usr/bin/python3
${placedByTrimaran}
"""measure-writes ADDRESS …: writes all the time, says \`measuring PID\`, and prints, once it was told SIGTERM, how long no
write was acknowledged, in milliseconds. Each write is a real one: it waits for its place on disk, and for a replica where
the tier demands that. One writer with one clock asks all servers, fifty times a second."""
import json
import os
import signal
import sys
import threading
import time

import psycopg2
import yaml

with open('${places.config}') as file:
    password = yaml.safe_load(file)['postgresql']['authentication']['rewind']['password']
acknowledged, told, over = [], threading.Event(), threading.Event()
signal.signal(signal.SIGTERM, lambda *_: told.set())


def write(address):
    """Writes through one server for as long as it takes writes."""
    while not over.is_set():
        try:
            connection = psycopg2.connect(host=address, port=${postgresPort}, user='rewind', password=password, dbname='postgres',
                                          connect_timeout=2, application_name='trimaran switchover')
            connection.autocommit = True
            cursor = connection.cursor()
            while not over.is_set():
                # A replica writes nothing, and is asked again over the same connection once it is the primary.
                cursor.execute("select case when pg_is_in_recovery() then null else pg_logical_emit_message(true, 'trimaran', 'switchover') end")
                if cursor.fetchone()[0] is not None:
                    acknowledged.append(time.monotonic())
                time.sleep(0.02)
        except psycopg2.Error:
            time.sleep(0.02)


def await_writes(begin, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not [at for at in acknowledged if at > begin]:
        time.sleep(0.05)


for address in sys.argv[1:]:
    threading.Thread(target=write, args=[address], daemon=True).start()
await_writes(0, 5)
print('measuring', os.getpid(), flush=True)
told.wait(180)
# Until the new primary has taken writes for a while: a second stumble counts, too.
await_writes(time.monotonic() + 1, 30)
over.set()
times = sorted(acknowledged)
pause = max((after - before for before, after in zip(times, times[1:])), default=None)
print(json.dumps({'pauseMilliseconds': pause and round(pause * 1000), 'writes': len(times)}))
`
}

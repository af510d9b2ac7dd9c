import { handOverPath } from '../../resources/state-folder.ts'
import { placedByTrimaran } from '../placed.ts'
import { places, postgresPort } from './places.ts'

/** Hands the lead over and measures what writers notice of it. */
export function renderMeasuredHandOver(): string {
  return `#!/usr/bin/python3
${placedByTrimaran}
"""measured-hand-over SERVER ADDRESS …: hands the lead over to SERVER while writing all the time, and prints how long no
write was acknowledged, in milliseconds. Each write is a real one: it waits for its place on disk, and for a replica
where the tier demands that. One writer with one clock asks all servers, fifty times a second."""
import json
import subprocess
import sys
import threading
import time

import psycopg2
import yaml

with open('${places.config}') as file:
    password = yaml.safe_load(file)['postgresql']['authentication']['rewind']['password']
heir, addresses = sys.argv[1], sys.argv[2:]
acknowledged, over = [], threading.Event()


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


for address in addresses:
    threading.Thread(target=write, args=[address], daemon=True).start()
time.sleep(1)
began = time.monotonic()
done = subprocess.run(['${handOverPath('patroni.service')}', heir], capture_output=True, text=True)
ended = time.monotonic()
# Until the new primary has taken writes for a while: a second stumble counts, too.
deadline = ended + 30
while time.monotonic() < deadline and not [at for at in acknowledged if at > ended + 1]:
    time.sleep(0.1)
over.set()
times = sorted(at for at in list(acknowledged) if at > began - 1)
pause = max((after - before for before, after in zip(times, times[1:])), default=None)
print(json.dumps({
    'ok': done.returncode == 0,
    'said': (done.stdout + done.stderr).strip(),
    'pauseMilliseconds': pause and round(pause * 1000),
    'writes': len(times),
    'milliseconds': round((ended - began) * 1000),
}))
sys.exit(done.returncode)
`
}

import { sh, type Shell } from '../../shell/sh.ts'
import type { ComponentHealth } from '../component.ts'
import type { NginxDetails } from './details.ts'
import { alivePath, statusPort } from './render-nginx-conf.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** Asks systemd for the unit, nginx for its alive path and figures, and which release it serves. */
export function askNginx(): Shell {
  return sh`
    systemctl show nginx.service -p ActiveState -p SubState -p NRestarts
    curl -s -o /dev/null -m 1 -w 'alive=%{http_code}\n' ${`http://127.0.0.1:${statusPort}${alivePath}`} || true
    printf 'release=%s\n' "$(basename "$(readlink /srv/web/current)")"
    curl -s -m 0.5 ${`http://127.0.0.1:${statusPort}/status`} || true
  `
}

/** `details`: `requests` since nginx started, `active` connections now, `restarts` after crashes, `release`. */
export function readNginx(answer: string): ComponentHealth<NginxDetails> {
  const said = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(answer)?.[1] ?? ''
  if (said('ActiveState') === '') return { state: 'unknown', note: 'systemd did not answer' }
  const details = detailsOf(answer, said)
  if (said('ActiveState') !== 'active') {
    const note = `nginx is ${said('ActiveState')} (${said('SubState')}) → ${trimaran('logs web')}`
    return { state: 'down', note, details }
  }
  if (said('alive') !== '200') {
    return { state: 'down', note: deafness(said('alive')), details }
  }
  if (said('release') === '') {
    return { state: 'degraded', note: `no release is in place, so no static files: run ${trimaran('up')}`, details }
  }
  return { state: 'well', details }
}

const deafness = (status: string): string =>
  status === '502' || status === '504'
    ? 'nginx runs, but the sidecar beside it does not answer: journalctl --namespace=traffic -u haproxy -n 20'
    : `nginx runs, but its own ${alivePath} ${status === '000' ? 'does not answer' : `answers ${status}`}`

function detailsOf(answer: string, said: (name: string) => string): NginxDetails {
  const active = /^Active connections: (\d+)/m.exec(answer)?.[1]
  const requests = /^ \d+ \d+ (\d+)/m.exec(answer)?.[1]
  return {
    release: said('release'),
    restarts: Number(said('NRestarts')),
    ...(requests !== undefined && { requests: Number(requests) }),
    ...(active !== undefined && { active: Number(active) }),
  }
}

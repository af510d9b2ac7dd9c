import { expect, it } from 'vitest'
import { classifySshFailure } from './classify-ssh-failure.ts'

const target = { name: 'web-1', destination: 'deploy@web.example.com' }

// As printed by OpenSSH 9.2 and 10.0.
it.each([
  ['ssh: connect to host 198.18.0.21 port 22: Connection refused', 'TRI-SSH-001', 'does not answer'],
  ['ssh: connect to host 198.18.0.21 port 22: No route to host', 'TRI-SSH-001', 'does not answer'],
  ['ssh: connect to host 198.18.0.21 port 22: Connection timed out', 'TRI-SSH-001', 'does not answer'],
  [
    'Connection timed out during banner exchange\nConnection to 198.18.0.21 port 22 timed out',
    'TRI-SSH-001',
    'does not answer',
  ],
  ['ssh: Could not resolve hostname web.example.com: Name or service not known', 'TRI-SSH-001', 'does not answer'],
  ['kex_exchange_identification: Connection closed by remote host', 'TRI-SSH-001', 'does not answer'],
  ['something that no ssh has said before', 'TRI-SSH-001', 'does not answer'],
  ['', 'TRI-SSH-001', 'does not answer'],
  ['deploy@web.example.com: Permission denied (publickey).', 'TRI-SSH-002', 'accepts none of your keys'],
  [
    'No ED25519 host key is known for web and you have requested strict checking.\nHost key verification failed.',
    'TRI-SSH-002',
    'not known yet',
  ],
  [
    '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.',
    'TRI-SSH-002',
    'another host key',
  ],
  ['/home/me/.ssh/config: line 3: Bad configuration option: prot', 'TRI-SSH-007', 'does not accept its own config'],
])('%j', (words, code, what) => {
  const failure = classifySshFailure(target, words)
  expect(failure.code).toBe(code)
  expect(failure.message).toContain('web-1')
  expect(failure.message).toContain(what)
  expect(failure.facts.why ?? '').toContain(words.split('\n').at(-1))
  expect(failure.facts.next).toBeTruthy()
})

it('tells the very command that forgets a changed key', () => {
  const words = `@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @
  remove with:
  ssh-keygen -f "/root/.ssh/known_hosts" -R "web.example.com"
Host key verification failed.`
  expect(classifySshFailure(target, words).facts.next).toBe(
    'When you know why it changed: `ssh-keygen -f "/root/.ssh/known_hosts" -R "web.example.com"`, then `ssh deploy@web.example.com` to accept the new one',
  )
})

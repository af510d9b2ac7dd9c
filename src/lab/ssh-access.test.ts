import { expect, it } from 'vitest'
import { renderSshConfig } from './ssh-access.ts'

it('renders a configuration for OpenSSH that needs nothing of the user', () => {
  const files = { key: '/labs/shop/id_ed25519', knownHosts: '/labs/shop/known_hosts' }
  const hosts = [
    { name: 'lb-1', address: '198.18.7.11' },
    { name: 'web-1', address: '198.18.7.21' },
  ]
  expect(renderSshConfig('shop', hosts, files)).toBe(`# How to reach the servers of the lab “shop”. Written by Trimaran.

Host lb-1
  HostName 198.18.7.11

Host web-1
  HostName 198.18.7.21

Host *
  User root
  IdentityFile "/labs/shop/id_ed25519"
  IdentitiesOnly yes
  IdentityAgent none
  UserKnownHostsFile "/labs/shop/known_hosts"
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  UpdateHostKeys no
  ConnectTimeout 10
  LogLevel ERROR
`)
})

import type { Check } from './objection.ts'

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/** Objects to what is not the name of a site as browsers send it: no scheme, no port, no path, no address. */
export const checkDomain: Check = (value) => {
  const bare = value
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/[/:?#].*$/, '')
    .replace(/\.$/, '')
  if (/^\d+(\.\d+){3}$/.test(bare)) return { reason: 'it is an address, which always works and need not be listed' }
  if (bare.startsWith('*.')) return { reason: 'wildcards are not supported: list every name' }
  if (/[^\x20-\x7e]/.test(bare))
    return { reason: 'browsers send such a name in ASCII', suggestion: 'write it as xn--…' }
  const isName = bare.length <= 253 && bare.split('.').every((part) => label.test(part))
  if (!isName) return { reason: "it is not the name of a site, such as 'www.example.com'" }
  return bare === value ? undefined : { reason: 'only the name itself is stated', suggestion: `write '${bare}'` }
}

/** Objects to what no request may name as its host: a name of a site, `localhost`, or an address; with a port where there is one. */
export const checkHealthHost: Check = (value) => {
  const [name = '', port] = value.split(':')
  const isName = name.length <= 253 && name.split('.').every((part) => label.test(part))
  const isPort = port === undefined || /^[1-9]\d{0,4}$/.test(port)
  if (isName && isPort && value.split(':').length <= 2) return undefined
  return { reason: "it is not what a browser sends as Host, such as 'www.example.com'" }
}

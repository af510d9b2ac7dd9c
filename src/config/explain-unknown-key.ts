import { allSettings, sectionsWith, settingsAt } from './known-settings.ts'
import { type Mistake, pathOf } from './mistake.ts'
import { nearestName } from './nearest-name.ts'

type Keys = readonly (string | number)[]
type Advice = Pick<Mistake, 'reason' | 'suggestion' | 'meant'>

/** Names of settings in other tools, and the setting here. */
const otherTools: Readonly<Record<string, string>> = {
  address: '`virtualAddress` in `balancer`',
  cache: 'PostgreSQL settings such as `shared_buffers`, in `database.settings`',
  command: '`start` in `app`',
  cpus: '`cores` in `lab`',
  db: '`database`',
  environment: '`env` in `app`',
  healthcheck: '`health` in `app`',
  hosts: '`servers` in each tier',
  ip: '`virtualAddress` in `balancer`',
  lb: '`balancer`',
  loadBalancer: '`balancer`',
  node: "`runtime` in `app`, as in runtime: { node: '24' }",
  path: '`health` in `app`, or `root` in `web`',
  postgres: '`database`',
  postgresql: '`database`',
  proxy: '`balancer`',
  ram: '`memory` in `app`, or in `lab`',
  replicas: '`servers`',
  secrets: '`env` in `app`, with values from `process.env`',
  static: '`root` in `web`',
  timeout: '`requestTimeout` in `app`',
  variables: '`env` in `app`',
  vip: '`virtualAddress` in `balancer`',
}

const neverStated: Readonly<Record<string, string>> = {
  port: 'ports cannot be set: the app listens on $PORT, which Trimaran sets',
  user: 'the SSH user belongs in the destination, as in user@host, or in ~/.ssh/config',
  key: 'SSH keys belong in ~/.ssh/config',
  password: 'passwords cannot be set: Trimaran makes them',
}

/** Explains a key that is not a setting where it stands, and says what was probably meant. */
export function explainUnknownKey(section: Keys, key: string): Mistake {
  const keys = [...section, key]
  return { keys, path: pathOf(keys), problem: 'is not a setting', ...advice(section, key) }
}

function advice(section: Keys, key: string): Advice {
  const elsewhere = sectionsWith(key).filter((home) => home !== pathOf(section))
  if (elsewhere.length > 0)
    return { reason: `\`${key}\` belongs ${nameSections(elsewhere)}`, meant: meantIn(elsewhere, key) }
  const siblings = settingsAt(section)
  const near = nearestName(key, siblings)
  if (near !== undefined) return { suggestion: `did you mean \`${near}\`?`, meant: pathOf([...section, near]) }
  const never = own(neverStated, key)
  if (never !== undefined) return { reason: never }
  const other = own(otherTools, key)
  if (other !== undefined) return { suggestion: `did you mean ${other}?` }
  const far = nearestName(key, allSettings())
  if (far === undefined) return { reason: `the settings here are ${joinWords(siblings.map(quoteName), 'and')}` }
  const homes = sectionsWith(far)
  return { suggestion: `did you mean \`${far}\`, ${nameSections(homes)}?`, meant: meantIn(homes, far) }
}

const meantIn = ([section]: readonly string[], key: string): string => (section ? `${section}.${key}` : key)

function nameSections(sections: readonly string[]): string {
  return sections.includes('') ? 'beside the tiers' : `in ${joinWords(sections.map(quoteName), 'or')}`
}

const quoteName = (name: string): string => `\`${name}\``

/** `a, b and c` */
function joinWords(words: readonly string[], last: 'and' | 'or'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`
}

const own = (table: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined

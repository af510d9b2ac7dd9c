import { z } from 'zod'
import { lines, sh, type Shell } from '../shell/sh.ts'
import { awaitApt, longestAptWait } from './await-apt.ts'
import type { Package, Step } from './resource.ts'
import type { ResourceKind } from './resource-kind.ts'
import { rowsOf } from './rows.ts'

export interface PackageFact {
  readonly version: string
}

/** Debian packages. All that a server misses is installed by one `apt-get`, and nothing that comes with it starts by itself. */
export const packageKind: ResourceKind<Package, PackageFact> = {
  kind: 'package',
  phase: 'place',
  unnoticed: 'all',
  isShared: true,
  isSlow: true,
  // As much as without the wait.
  deadlineSeconds: longestAptWait + 900,
  plural: 'packages',
  object: (name) => name,
  summarise: (steps) => steps.map(({ name }) => name).join(' '),
  name: (resource) => resource.name,
  ask: (resources) =>
    sh`dpkg-query -W -f='\${Package}\t\${db:Status-Status}\t\${Version}\n' ${resources.map(({ name }) => name)} 2>/dev/null || true`,
  read: readPackages,
  fact: z.strictObject({ version: z.string().regex(/^[\w.+:~-]{1,100}$/) }),
  close: (desired, facts) => {
    const missing = desired.filter(({ name }) => !facts.has(name))
    return missing.length === 0 ? [] : [install(missing)]
  },
}

function readPackages(answer: string): ReadonlyMap<string, PackageFact> {
  return new Map(
    rowsOf(answer).flatMap(([name, status, version]) =>
      status === 'installed' ? [[name!, { version: version! }]] : [],
    ),
  )
}

function install(missing: readonly Package[]): Step {
  const names = missing.map(({ name }) => name)
  const dated = missing.filter((resource) => resource.atLeast !== undefined)
  const apply = sh`
    export DEBIAN_FRONTEND=noninteractive
    mkdir -p /etc/postgresql-common
    # Debian would start a cluster of its own as soon as the package is there; Patroni makes the one we want.
    [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
    # Services start when their configuration is in place, not before: policy-rc.d says so to dpkg.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ] || grep -q Trimaran "$policy"; then
      trap 'rm -f /usr/sbin/policy-rc.d' EXIT
      printf '#!/bin/sh\n# Placed by Trimaran while it installs packages.\nexit 101\n' >"$policy"
      chmod 755 "$policy"
    fi
    # A server that lost its power in the middle of an installation goes on from there.
    dpkg --configure -a
    apt-get update -q
    apt-get install -q -y --no-install-recommends -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=120 ${names}
    ${requireVersions(dated)}
  `
  return {
    kind: 'package',
    name: names.join(' '),
    action: 'install',
    reason: names.length === 1 ? 'is not installed' : `${names.length} packages are not installed`,
    disturbs: 'nothing',
    await: awaitApt(),
    apply,
    packages: names,
  }
}

function requireVersions(packages: readonly Package[]): Shell {
  return lines(
    packages.map(
      ({ name, atLeast }) => sh`
        version=$(dpkg-query -W -f='\${Version}' ${name})
        dpkg --compare-versions "$version" ge ${atLeast!} || { echo ${name} "$version" is older than ${atLeast!}; exit 1; }
      `,
    ),
  )
}

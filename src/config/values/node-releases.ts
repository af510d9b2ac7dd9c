/** Platforms of servers, as Node names them. */
export type NodePlatform = 'linux-x64' | 'linux-arm64'

/** One exact version of Node.js. */
export interface NodeRelease {
  readonly version: string
  /** SHA-256 of the program `bin/node` in nodejs.org's archive for a platform; `npm run node-releases` checks it. */
  readonly sha256: Readonly<Record<NodePlatform, string>>
}

/** Every version that is ever placed on a server, the newest of each major version first. */
export const nodeReleases: readonly NodeRelease[] = [
  {
    version: '26.12.1',
    sha256: {
      'linux-x64': '08f12d42fb304468e8ee86247fe686aae5b225836ea65e9d6566c11ae6ba2e8e',
      'linux-arm64': '7d32bda549eb24395c1d9830731470a0045781b15797d5943591c333a085b2da',
    },
  },
  {
    version: '24.22.3',
    sha256: {
      'linux-x64': 'a7ec1b37e6ff9d187e4198c5b6df9a4eb1c74dd31804fb3bac55cc4ceca1ac01',
      'linux-arm64': '8f9c2a55879e9705cb285b6cdd649d95df642c6720f052cb30f300d2677da99f',
    },
  },
  {
    version: '24.22.1',
    sha256: {
      'linux-x64': 'e32e2d16081cf644f88392934288086e7662529d0d43277c34f7aad2207cfafb',
      'linux-arm64': 'c8c5721679d8d1a09e9987e345d5f9a64899bb85f7a384783ba8a93e6e62348a',
    },
  },
  {
    version: '22.23.5',
    sha256: {
      'linux-x64': '2f822d544601dfff107f57d945b649d15c5bf6302595735a6bd9cdc7ee9669bd',
      'linux-arm64': 'bb71f797d1b3d156d012c59b152c413cf7d4940156cafcde28f1731201ceaf1c',
    },
  },
  {
    version: '20.20.2',
    sha256: {
      'linux-x64': '6295488653f0d93b0a157841746fef7e72cc4328cfb60c4bbe0ca2668a836ffd',
      'linux-arm64': '05a69ccdcb795f2a8b86c145e71a6a37cce84fccef5aaf25a8fe38bc9423e732',
    },
  },
]

/** npm stands beside Node: the SHA-256 of its package in the npm registry, for Node from a major version on. */
export const npmReleases = [
  { from: 22, version: '11.21.2', sha256: '8ad8563b81e71b90ef405b140bccf3ba9b5e7884ab210bd49ee4e2f4bc6f61f5' },
  { from: 0, version: '10.9.9', sha256: 'c80bd097147cce32e31010b791bab8c71a26a5e10668210ec9d2e7f4c7cea2a1' },
] as const

export const majorOf = (version: string): string => version.slice(0, version.indexOf('.'))

/** Major versions, the oldest first. */
export const nodeMajors: readonly string[] = [...new Set(nodeReleases.map(({ version }) => majorOf(version)))].toSorted(
  (a, b) => Number(a) - Number(b),
)

/** What a config means: the newest of a major version, or exactly the one that it names; none where that is not known. */
export const nodeReleaseFor = (wish: string): NodeRelease | undefined =>
  nodeReleases.find(({ version }) => version === wish || majorOf(version) === wish)

/** The one before it of the same major version: what leads back. */
export const nodeReleaseBefore = ({ version }: NodeRelease): NodeRelease | undefined =>
  nodeReleases
    .slice(nodeReleases.findIndex((one) => one.version === version) + 1)
    .find((one) => majorOf(one.version) === majorOf(version))

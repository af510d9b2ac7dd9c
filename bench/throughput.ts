// What the whole stack costs: requests per second through balancer, nginx and sidecar, against the bare app on the same
// computer, which all of them and the load share. Pairs in one run, since such machines are noisy: only the ratio counts.
// `npm run bench` needs wrk (Debian's package of that name).
import { makeProject } from '../test/lab/support/project.ts'
import { runProgram } from '../test/lab/support/run-program.ts'
import type { StatusReport } from '../src/status/summarise.ts'
import { columns } from '../src/ui/columns.ts'

const pairs = 5
const secondsEach = 5
const connections = 32
/** Answered by the app itself, without its database. */
const path = '/up'

const median = (figures: readonly number[]): number =>
  figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)]!

/** Requests per second that were answered with 200, over kept connections, each of which asks again at once. */
async function measure(url: string): Promise<number> {
  const words = ['-t1', `-c${connections}`, `-d${secondsEach}s`, `${url}${path}`]
  const { code, stdout, stderr } = await runProgram('wrk', words, {}).ended
  if (code !== 0) throw new Error(stderr)
  const bad = /^ {2}(?:Non-2xx|Socket errors).*$/m.exec(stdout)?.[0]
  if (bad !== undefined) throw new Error(`${url}: ${bad.trim()}`)
  return Number(/^Requests\/sec: +([\d.]+)$/m.exec(stdout)![1])
}

const project = await makeProject('tbench')
try {
  const up = await project.trimaran('up', '--lab', '--yes')
  if (up.code !== 0) throw new Error(up.stdout + up.stderr)
  const { address, servers } = JSON.parse((await project.trimaran('status', '--lab', '--json')).stdout) as StatusReport
  const bare = `http://${servers.find(({ name }) => name === 'app-1')!.address}:3100`
  const rows: number[][] = []
  for (let pair = 1; pair <= pairs; pair += 1) {
    const [alone, whole] = [await measure(bare), await measure(`http://${address}`)]
    rows.push([alone, whole, whole / alone])
    process.stdout.write(`pair ${pair} of ${pairs}\n`)
  }
  const medians = [0, 1, 2].map((column) => median(rows.map((row) => row[column]!)))
  const cells = (row: readonly number[]): readonly string[] => [
    row[0]!.toFixed(0),
    row[1]!.toFixed(0),
    row[2]!.toFixed(2),
  ]
  process.stdout.write(
    `\n${columns(
      [
        ['requests/s', 'bare app', 'whole stack', 'ratio'],
        ...rows.map((row, index) => [`pair ${index + 1}`, ...cells(row)]),
        ['median', ...cells(medians)],
      ],
      { right: [1, 2, 3] },
    )}\n`,
  )
} finally {
  await project.remove()
}

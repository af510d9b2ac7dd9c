// Installs what a lab needs and builds its image, saying so. Exits with 1, and says what is missing, where this machine
// cannot hold a lab.
import { prepareLab } from '../src/operations/session/lab-servers.ts'
import { createOutput } from '../src/ui/output.ts'
import { reportFailure } from '../src/ui/report-failure.ts'
import { TrimaranError } from '../src/errors/failure.ts'

const output = createOutput(false)
try {
  await prepareLab(output.tell, [], ['lab', 'tests'])
} catch (error) {
  if (!(error instanceof TrimaranError)) throw error
  process.stderr.write(`${reportFailure(error, { json: false })}\n`)
  process.exitCode = 1
} finally {
  output.settle()
}

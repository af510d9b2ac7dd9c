// Installs what a lab needs and builds its image, saying so. Exits with 3, and says what is missing, where this machine
// cannot hold a lab; any other code is a fault.
import { prepareLab } from '../src/operations/session/lab-servers.ts'
import { createOutput } from '../src/ui/output.ts'
import { reportFailure } from '../src/ui/report-failure.ts'
import { TrimaranError } from '../src/errors/failure.ts'

const output = createOutput({ json: false })
try {
  await prepareLab(output.emit, [], ['lab', 'tests'])
} catch (error) {
  if (!(error instanceof TrimaranError)) throw error
  process.stderr.write(`${reportFailure(error, { json: false, lab: false })}\n`)
  process.exitCode = error.code === 'TRI-LAB-001' ? 3 : 1
} finally {
  output.settle()
}

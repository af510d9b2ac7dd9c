import { spawn } from 'node:child_process'
import { buildCommand, buildRouteMap } from '@stricli/core'
import { demandServer, type Lab, listLabs, powerOff, powerOn, shellCommand } from '../lab/index.ts'
import { columns } from '../ui/columns.ts'
import { createOutput } from '../ui/output.ts'
import { type CommonFlags, commonFlags, exitCodes } from './flags.ts'
import { bootLab, openProject, removeLab } from '../operations/index.ts'
import { trimaran } from '../speech/suggested-command.ts'

const server = { brief: 'A server of the lab', parse: String, placeholder: 'server' } as const

const up = buildCommand({
  docs: { brief: 'Boot the servers that the file counts, and leave them empty' },
  parameters: { flags: commonFlags },
  func: async (flags: CommonFlags) => {
    const output = createOutput(flags)
    const lab = await bootLab(await openProject(flags), output.emit)
    output.print(showLabs([lab]))
    output.printJson('lab', lab)
  },
})

const down = buildCommand({
  docs: { brief: 'Remove the lab of this project, or the one named, with all its disks' },
  parameters: {
    flags: commonFlags,
    positional: { kind: 'tuple', parameters: [{ brief: 'A lab', parse: String, placeholder: 'lab', optional: true }] },
  },
  func: async (flags: CommonFlags, named?: string) => {
    const output = createOutput(flags)
    const project = named === undefined ? await openProject(flags) : undefined
    const name = named ?? project!.config.name
    const removed = await removeLab(name)
    output.print(removed ? `The lab ${name} is gone: its servers, disks and network.` : `There is no lab ${name}.`)
    output.printJson('lab-removed', { lab: name, removed })
    // Without a name there is nothing to be wrong about: what is wanted is that the project has none.
    if (!removed && named !== undefined) process.exitCode = exitCodes.failed
  },
})

const list = buildCommand({
  docs: { brief: 'List the labs on this computer' },
  parameters: { flags: commonFlags },
  func: async (flags: CommonFlags) => {
    const output = createOutput(flags)
    const labs = await listLabs()
    output.print(labs.length === 0 ? 'There are no labs on this computer.' : showLabs(labs))
    output.printJson('labs', { labs })
  },
})

const powerOffCommand = buildCommand({
  docs: { brief: 'Pull the plug of a server, as a power cut would' },
  parameters: { flags: commonFlags, positional: { kind: 'tuple', parameters: [server] } },
  func: async (flags: CommonFlags, name: string) => {
    const output = createOutput(flags)
    const { config } = await openProject(flags)
    await powerOff(config.name, name)
    output.print(`${name} is without power. ${trimaran(`lab power-on ${name}`)} boots it again.`)
    output.printJson('power', { server: name, power: 'off' })
  },
})

const powerOnCommand = buildCommand({
  docs: { brief: 'Boot a server again, with the disk as it was' },
  parameters: { flags: commonFlags, positional: { kind: 'tuple', parameters: [server] } },
  func: async (flags: CommonFlags, name: string) => {
    const output = createOutput(flags)
    const { config } = await openProject(flags)
    await powerOn(config.name, name)
    output.print(`${name} runs.`)
    output.printJson('power', { server: name, power: 'on' })
  },
})

const { json: _, ...flagsWithoutJson } = commonFlags

const shell = buildCommand({
  docs: { brief: 'Open a root shell on a server of the lab' },
  parameters: { flags: flagsWithoutJson, positional: { kind: 'tuple', parameters: [server] } },
  func: async (flags: Omit<CommonFlags, 'json'>, name: string) => {
    const { config } = await openProject(flags)
    await demandServer(config.name, name)
    const [command = 'ssh', ...words] = shellCommand(config.name, name)
    const child = spawn(command, words, { stdio: 'inherit' })
    process.exitCode = await new Promise<number>((resolve) => child.on('exit', (code) => resolve(code ?? 1)))
  },
})

export const lab = buildRouteMap({
  routes: { up, down, list, 'power-off': powerOffCommand, 'power-on': powerOnCommand, shell },
  docs: { brief: 'Real Debian servers on this computer' },
})

function showLabs(labs: readonly Lab[]): string {
  const rows = labs.flatMap(({ name, subnet, owner, servers }) => [
    [name, subnet, '', owner],
    ...servers.map((each) => [`  ${each.name}`, each.address, each.state, '']),
  ])
  return columns([['LAB', 'ADDRESS', 'STATE', 'FOLDER'], ...rows])
}

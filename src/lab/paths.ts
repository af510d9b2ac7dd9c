import { join } from 'node:path'

/** Where images are kept between labs. `TRIMARAN_CACHE` moves it. */
export const cacheFolder = (): string => process.env['TRIMARAN_CACHE'] ?? '/var/cache/trimaran'

/** Where labs keep their state and the servers' disks. `TRIMARAN_LABS` moves it. */
export const labsFolder = (): string => process.env['TRIMARAN_LABS'] ?? '/var/lib/trimaran/labs'

/** Locks, and who uses which subnet: true for one run of the computer, whatever folder a lab is in. */
export const runFolder = '/run/trimaran'

/** The files of one lab. */
export const labFiles = (name: string) => {
  const folder = join(labsFolder(), name)
  return {
    folder,
    state: join(folder, 'state.json'),
    key: join(folder, 'id_ed25519'),
    sshConfig: join(folder, 'ssh_config'),
    knownHosts: join(folder, 'known_hosts'),
    servers: join(folder, 'servers'),
  }
}

/** The files of one lab server: `disk` is the upper layer over the image, and all that outlives a boot. */
export const serverFiles = (lab: string, server: string) => {
  const folder = join(labFiles(lab).servers, server)
  return {
    folder,
    disk: join(folder, 'disk'),
    work: join(folder, 'work'),
    root: join(folder, 'root'),
    console: join(folder, 'console.log'),
    supervisor: join(folder, 'supervisor.sh'),
    hostKey: join(folder, 'disk/etc/ssh/ssh_host_ed25519_key'),
    /** Present while the server is off because someone switched it off. */
    switchedOff: join(folder, 'switched-off'),
  }
}

/** The lab: real Debian servers on this computer. Everything else uses it through this file. */
export { type Image, ensureImage, type ImageWish } from './image.ts'
export type { LabEvent, LabStage, OnLabEvent } from './events.ts'
export { labDown, labRemoveServers } from './down.ts'
export { labUp, type LabWish } from './up.ts'
export { type ArchiveWish, withPackageArchives } from './package-archive.ts'
export { powerOff, powerOn, shellCommand } from './power.ts'
export {
  demandRequirements,
  installRequirements,
  missingRequirements,
  type MissingRequirement,
  type Purpose,
} from './requirements.ts'
export { demandServer, type Lab, type LabServer, listLabs, readLab } from './state.ts'
export { linkOf, namespaceOf } from './addresses.ts'

/** The kind of container of its servers, as `systemd-detect-virt --container` prints it. */
export const labContainer = 'systemd-nspawn'

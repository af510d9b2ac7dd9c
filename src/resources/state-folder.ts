/** Where Trimaran keeps, on a server, what it must remember there. Nothing in it runs. */
export const stateFolder = '/var/lib/trimaran'

/** Lists what Trimaran placed on the server: a line `component kind name` each. */
export const manifestPath = `${stateFolder}/manifest`
/** Copies of files as they were before Trimaran first replaced them. */
export const originalsFolder = `${stateFolder}/original`
/** The last version of each placed file, for taking a change back. */
export const previousFolder = `${stateFolder}/previous`
/** Files that do not survive a boot: locks, and staged files. Only root may enter: a user who can open a lock can hold it. */
export const runFolder = '/run/trimaran'
/** New versions of files, while their daemon's checker looks at them; in memory, since some are secret. */
export const stagedFolder = `${runFolder}/staged`
/** For each unit, the fingerprints of what it was last started or reloaded with. */
export const activatedFolder = `${stateFolder}/activated`
/** For each unpacked tree, what it held then. */
export const sealsFolder = `${stateFolder}/seals`
/** Archives that were sent and wait to be unpacked. */
export const inboxFolder = `${stateFolder}/inbox`
/** For each condition, what it was when it was last made true. */
export const conditionsFolder = `${stateFolder}/conditions`
/** For each command that is run once for a version, the version that it was last run for. */
export const commandsFolder = `${stateFolder}/commands`
/** Programs that units call. */
export const scriptFolder = '/usr/local/lib/trimaran'
/** Who changed what and when, a JSON object a line. */
export const auditPath = '/var/log/trimaran/audit.jsonl'

/** Where the archive named so lies on a server. */
export const inboxPath = (payload: string): string => `${inboxFolder}/${payload.replaceAll(/[^\w.-]/g, '_')}`

/** The pre-remove program of a unit, where it has one: run before the unit is stopped for good, with the names of those who stay. */
export const preRemovePath = (unit: string): string => `${scriptFolder}/pre-remove/${unit}`
/** Makes another server lead in this one's place; run before a leading unit restarts or leaves, with the names to choose from. */
export const handOverPath = (unit: string): string => `${scriptFolder}/hand-over/${unit}`
/**
 * Pauses what this server asks of a tier while another server of that tier takes the lead there, so that nobody is told
 * an error: `pause` begins it, `resume` ends it. It ends by itself where `resume` never comes.
 */
export const pausePath = (tier: string): string => `${scriptFolder}/pause/${tier}`

/** What says which change is under way on a server, or was not finished: written when it begins, removed when all of it is done. */
export const unfinishedPath = `${stateFolder}/unfinished`

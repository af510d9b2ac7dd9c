/** What the creation, supply or removal of a lab is doing. */
export type LabStage =
  | 'wait'
  | 'download'
  | 'unpack'
  | 'install'
  | 'settle'
  | 'network'
  | 'disk'
  | 'boot'
  | 'fetch'
  | 'remove'

/** One thing that happened; `done` of `total` where the stage can be counted. */
export interface LabEvent {
  readonly stage: LabStage
  readonly detail: string
  readonly server?: string
  readonly done?: number
  readonly total?: number
}

export type OnLabEvent = (event: LabEvent) => void

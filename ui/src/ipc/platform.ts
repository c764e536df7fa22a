import type {
  AlertRaised,
  Changed,
  ClosingToTray,
  commands,
  DragHover,
  FilesDropped,
  OpenReport,
  OpenTicket,
  SoundPlay,
} from './bindings'

export type Commands = typeof commands

export interface PlatformEvents {
  changed: Changed
  openReport: OpenReport
  openTicket: OpenTicket
  filesDropped: FilesDropped
  dragHover: DragHover
  alertRaised: AlertRaised
  closingToTray: ClosingToTray
  soundPlay: SoundPlay
}

/** What the window stands on: the desktop (`tauri.ts`) or memory (`fake.ts`). */
export interface Platform {
  commands: Commands
  /** Hears an event until the returned function is called. */
  listen<K extends keyof PlatformEvents>(event: K, heard: (payload: PlatformEvents[K]) => void): () => void
}

let current: Platform | undefined

export function setPlatform(platform: Platform) {
  current = platform
}

export function platform(): Platform {
  if (!current) throw new Error('setPlatform must run before the first render')
  return current
}

/** The commands of the core. */
export const core = (): Commands => platform().commands

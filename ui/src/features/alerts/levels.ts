import type { AlertLevel, SoundName } from '@/ipc/bindings'

/** In the order in which they are reached. */
export const LEVELS: readonly AlertLevel[] = ['new_urgent', 'l1', 'l2', 'due', 'overdue']
export const SOUNDS: readonly SoundName[] = ['none', 'soft', 'clear', 'urgent']

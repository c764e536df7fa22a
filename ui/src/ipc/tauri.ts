import { listen } from '@tauri-apps/api/event'
import { commands, events } from './bindings'
import { contractCommands, type SoundPlay } from './contract'
import type { Platform, PlatformEvents } from './platform'

type Listener<K extends keyof PlatformEvents> = {
  listen(heard: (event: { payload: PlatformEvents[K] }) => void): Promise<() => void>
}

const soundPlay: Listener<'soundPlay'> = { listen: (heard) => listen<SoundPlay>('sound-play', heard) }

/** The desktop. */
export const tauri: Platform = {
  commands: { ...commands, ...contractCommands },
  listen(event, heard) {
    const source = { ...events, soundPlay }[event] as unknown as Listener<typeof event>
    const stop = source.listen(({ payload }) => heard(payload))
    return () => void stop.then((unlisten) => unlisten())
  },
}

import { commands, events } from './bindings'
import type { Platform, PlatformEvents } from './platform'

type Listener<K extends keyof PlatformEvents> = {
  listen(heard: (event: { payload: PlatformEvents[K] }) => void): Promise<() => void>
}

/** The desktop. */
export const tauri: Platform = {
  commands,
  listen(event, heard) {
    const source = events[event] as unknown as Listener<typeof event>
    const stop = source.listen(({ payload }) => heard(payload))
    return () => void stop.then((unlisten) => unlisten())
  },
}

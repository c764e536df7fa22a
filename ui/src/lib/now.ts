import { useSyncExternalStore } from 'react'

/*
 * One timer for the whole window. Hidden windows get no ticks (webviews slow timers down anyway; the core watches the
 * deadlines) and catch up at once when they are shown. Time is the program's clock: its offset to this machine's clock
 * is set whenever the core says what time it is.
 */
let offset = 0
let tick = Math.floor(Date.now() / 1000) * 1000
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function beat() {
  const next = Math.floor(now() / 1000) * 1000
  if (next === tick) return
  tick = next
  for (const listener of listeners) listener()
}

function run() {
  if (timer === undefined && listeners.size > 0 && !document.hidden) timer = setInterval(beat, 1000)
}

function rest() {
  if (timer !== undefined) clearInterval(timer)
  timer = undefined
}

if (typeof document !== 'undefined') {
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return rest()
    beat()
    run()
  })
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  run()
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) rest()
  }
}

/** The current instant by the program's clock, in ms. */
export function now(): number {
  return Date.now() + offset
}

/** Takes over the program's clock. Differences under two seconds are travel time, not another clock. */
export function setProgramTime(iso: string) {
  const difference = Date.parse(iso) - Date.now()
  offset = Math.abs(difference) < 2000 ? 0 : difference
  beat()
}

/** The current second, refreshed once a second while the window is visible. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => tick)
}

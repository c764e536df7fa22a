import { useEffect, useRef } from 'react'
import { createStore } from './store'

/** What a key can do, with the keys it has until somebody chooses others. Two keys one after the other read `g i`. */
const DEFAULTS = {
  down: 'j',
  up: 'k',
  open: 'Enter',
  reply: 'r',
  note: 'n',
  assign: 'a',
  tier: 't',
  snooze: 's',
  done: 'e',
  search: '/',
  inbox: 'g i',
  today: 'g t',
  report: 'g w',
  insights: 'g d',
  reviews: 'g r',
  sources: 'g s',
  settings: 'g c',
  list: '?',
} as const

export type KeyAction = keyof typeof DEFAULTS
export const KEY_ACTIONS = Object.keys(DEFAULTS) as KeyAction[]
type Keymap = Record<KeyAction, string>

const KEPT = 'amends-keys'

/** The keys are a matter of these hands and this keyboard, so they stay in the window and not in the workspace. */
function readKeymap(): Keymap {
  try {
    const own = JSON.parse(localStorage.getItem(KEPT) ?? '{}') as Partial<Keymap>
    const known = KEY_ACTIONS.flatMap((action) => (typeof own[action] === 'string' ? [[action, own[action]]] : []))
    return { ...DEFAULTS, ...Object.fromEntries(known) }
  } catch {
    return { ...DEFAULTS }
  }
}

const keymap = createStore<Keymap>(readKeymap())

export const useKeymap = () => keymap.use()

/** The action that `keys` would collide with: the same keys, or one of them begins the other. */
export function takenBy(action: KeyAction, keys: string): KeyAction | undefined {
  const [first] = keys.split(' ')
  return KEY_ACTIONS.find((other) => {
    if (other === action) return false
    const theirs = keymap.get()[other]
    return theirs === keys || theirs === first || theirs.split(' ')[0] === keys
  })
}

export function remap(action: KeyAction, keys: string) {
  const next = { ...keymap.get(), [action]: keys }
  localStorage.setItem(KEPT, JSON.stringify(next))
  keymap.set(next)
}

export function forgetKeys() {
  localStorage.removeItem(KEPT)
  keymap.set({ ...DEFAULTS })
}

type Handler = (event: KeyboardEvent) => void
/** `Escape` always leaves what is open and cannot be given away. */
type Bindings = Partial<Record<KeyAction | 'Escape', Handler>>

/** Bindings of what is on screen; the latest mounted wins a key. */
const stack: { current: Bindings }[] = []
let prefix: { key: string; at: number } | undefined

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}

/** A dialogue or an open menu owns the keyboard. */
function covered(): boolean {
  return document.querySelector('[role="dialog"], [role="menu"]') !== null
}

function onKey(event: KeyboardEvent) {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (typing(event.target) || covered()) return
  // Enter on a control is that control's own.
  if (event.key === 'Enter' && event.target instanceof Element && event.target.closest('button, a, [role="radio"]'))
    return
  const sequence = prefix && Date.now() - prefix.at < 1500 ? `${prefix.key} ${event.key}` : event.key
  prefix = undefined
  const keys = keymap.get()
  const action = event.key === 'Escape' ? 'Escape' : KEY_ACTIONS.find((name) => keys[name] === sequence)
  for (let at = stack.length - 1; action && at >= 0; at--) {
    const handler = stack[at]?.current[action]
    if (handler) {
      event.preventDefault()
      handler(event)
      return
    }
  }
  if (KEY_ACTIONS.some((name) => keys[name].startsWith(`${event.key} `))) prefix = { key: event.key, at: Date.now() }
}

/** Single keys and two-key sequences, off while typing, composing with an input method, or in a dialogue. */
export function useKeys(bindings: Bindings) {
  const latest = useRef(bindings)
  latest.current = bindings
  useEffect(() => {
    const entry = {
      get current() {
        return latest.current
      },
    }
    if (stack.length === 0) window.addEventListener('keydown', onKey)
    stack.push(entry)
    return () => {
      stack.splice(stack.indexOf(entry), 1)
      if (stack.length === 0) window.removeEventListener('keydown', onKey)
    }
  }, [])
}

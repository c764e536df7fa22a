import { useEffect, useRef } from 'react'

type Handler = (event: KeyboardEvent) => void
type Bindings = Record<string, Handler>

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
  for (let at = stack.length - 1; at >= 0; at--) {
    const handler = stack[at]?.current[sequence]
    if (handler) {
      event.preventDefault()
      handler(event)
      return
    }
  }
  if (event.key === 'g') prefix = { key: 'g', at: Date.now() }
}

/** Single keys and `g x` sequences, off while typing, composing with an input method, or in a dialogue. */
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

/** Moves the focus to a part of the open ticket, also when that part is only about to appear. */
export function focusOn(part: 'ticket' | 'composer' | 'note' | 'assign' | 'tier' | 'snooze') {
  const find = () => document.querySelector<HTMLElement>(`[data-part="${part}"]`)
  const go = () => {
    const element = find()
    if (!element) return false
    element.scrollIntoView?.({ block: 'nearest' })
    if (part === 'assign' || part === 'tier' || part === 'snooze') element.click()
    else element.focus()
    return true
  }
  if (!go()) setTimeout(go, 150)
}

/** Copies text; false when the desktop refused both ways. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await Promise.race([navigator.clipboard.writeText(text), silence()])
    return true
  } catch {
    return copyBySelection(text)
  }
}

/** Some desktops never answer; the other way still works while the click counts as a person's. */
const silence = () => new Promise<never>((_, fail) => setTimeout(() => fail(new Error('no answer')), 700))

function copyBySelection(text: string): boolean {
  const focused = document.activeElement as HTMLElement | null
  const area = document.createElement('textarea')
  area.value = text
  area.setAttribute('aria-hidden', 'true')
  area.style.cssText = 'position:fixed;inset:0 auto auto 0;opacity:0'
  document.body.append(area)
  area.select()
  try {
    return document.execCommand('copy')
  } catch {
    return false
  } finally {
    area.remove()
    focused?.focus({ preventScroll: true })
  }
}

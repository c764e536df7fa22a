import { notifications } from '@mantine/notifications'
import { cleanup, configure } from '@testing-library/react'
import { afterEach, vi } from 'vitest'
import { alertCentre } from '@/features/alerts/AlertCentre'
import { importJob, pickedFile } from '@/features/sources/import-store'
import { undoable } from '@/features/ticket/mutations'
import { forgetKeys } from '@/lib/keyboard'

// What a browser has and the test's document has not: a size, so that virtual lists show rows, and media queries.
const size = (value: number) => ({ configurable: true, value })
Object.defineProperty(HTMLElement.prototype, 'clientHeight', size(800))
Object.defineProperty(HTMLElement.prototype, 'clientWidth', size(400))
Object.defineProperty(HTMLElement.prototype, 'offsetHeight', size(100))
Object.defineProperty(HTMLElement.prototype, 'offsetWidth', size(400))
window.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
}
Object.defineProperty(document, 'fonts', { configurable: true, value: new EventTarget() })
Element.prototype.scrollTo = () => {}
Element.prototype.scrollIntoView = () => {}
window.matchMedia = (query: string) =>
  ({
    media: query,
    matches: query.includes('min-width'),
    addEventListener: () => {},
    removeEventListener: () => {},
    addListener: () => {},
    removeListener: () => {},
    dispatchEvent: () => false,
    onchange: null,
  }) as MediaQueryList

// A busy machine may be slow; what never appears still fails.
configure({ asyncUtilTimeout: 5000 })

afterEach(() => {
  cleanup()
  undoable.set(null)
  alertCentre.set(false)
  notifications.clean()
  forgetKeys()
  importJob.set(null)
  pickedFile.set(null)
  localStorage.clear()
  vi.restoreAllMocks()
})

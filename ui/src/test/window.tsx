import { createMemoryHistory } from '@tanstack/react-router'
import { render, screen, within } from '@testing-library/react'
import userEvent, { PointerEventsCheckLevel } from '@testing-library/user-event'
import { App, createClient } from '@/App'
import { createFake, type FakeOptions } from '@/ipc/fake'
import { setPlatform } from '@/ipc/platform'
import { createAppRouter } from '@/routes/router'

/** Opens the whole window on a world in memory, as a person would find it. */
export function openWindow(options: FakeOptions & { at?: string } = {}) {
  const fake = createFake({ furnished: true, ...options })
  setPlatform(fake)
  // The test's document knows no style sheets, so asking it whether something can be clicked only costs time.
  const user = userEvent.setup({ pointerEventsCheck: PointerEventsCheckLevel.Never })
  const copied: string[] = []
  navigator.clipboard.writeText = async (text: string) => {
    copied.push(text)
  }
  const router = createAppRouter(createMemoryHistory({ initialEntries: [options.at ?? '/'] }))
  render(<App router={router} client={createClient()} />)
  return { fake, user, copied, router }
}

export const byId = (id: string) => screen.findByTestId(id)

export async function rows() {
  await screen.findAllByTestId('inbox-row')
  return screen.getAllByTestId('inbox-row')
}

/** The ticket on screen, once its number is known. */
export async function ticket() {
  const pane = await screen.findByTestId('ticket')
  return within(pane)
}

import { screen } from '@testing-library/react'
import axe from 'axe-core'
import { describe, expect, it } from 'vitest'
import { openWindow } from './window'

/** What axe-core finds, one line each. Colours are looked at in the real window: this document knows no style sheets. */
async function findings(): Promise<string[]> {
  const { violations } = await axe.run(document.body, {
    resultTypes: ['violations'],
    rules: { 'color-contrast': { enabled: false } },
  })
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))
}

const SCREENS: [at: string, shown: string][] = [
  ['/today', 'duty'],
  ['/settings/general', 'open-neutral'],
  ['/settings/promise', 'target-urgent-first_response'],
  ['/settings/shifts', 'duty'],
  ['/settings/alerts', 'quiet'],
  ['/settings/bots', 'bot'],
  ['/settings/keys', 'key-down'],
  ['/settings/data', 'backup-now'],
]

describe('axe-core finds nothing', () => {
  it.each(SCREENS)('on %s', async (at, shown) => {
    openWindow({ at })
    await screen.findAllByTestId(shown)
    expect(await findings()).toEqual([])
  })

  it('in the dialogue that adds a bot', async () => {
    const { user } = openWindow({ at: '/settings/bots' })
    await user.click(await screen.findByTestId('bot-add'))
    await screen.findByTestId('bot-address')
    expect(await findings()).toEqual([])
  })

  it('among the alerts', async () => {
    const { user } = openWindow({ at: '/today' })
    await user.click(await screen.findByTestId('alert-center'))
    await screen.findAllByTestId('alert')
    expect(await findings()).toEqual([])
  })
})

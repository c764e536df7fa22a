import { screen, within } from '@testing-library/react'
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
  ['/report', 'theme'],
  ['/insights', 'theme'],
  ['/settings/reports', 'schedule-weekly'],
  ['/settings/general', 'open-neutral'],
  ['/settings/reading', 'keyword-row'],
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

  it('behind a number of a report', async () => {
    const { user } = openWindow({ at: '/report' })
    await user.click(within(await screen.findByTestId('headline-closed_in_72h')).getByRole('link'))
    await screen.findByTestId('set-title')
    expect(await findings()).toEqual([])
  })

  it('in what a report is filtered and saved by', async () => {
    const { user } = openWindow({ at: '/report' })
    await user.click(await screen.findByTestId('report-filter'))
    await screen.findByTestId('cut-shops')
    expect(await findings()).toEqual([])
    await user.keyboard('{Escape}')
    await user.click(screen.getByTestId('period-jump'))
    await screen.findByText('看最新一期')
    expect(await findings()).toEqual([])
    await user.keyboard('{Escape}')
    await user.click(screen.getByTestId('export-pdf'))
    await screen.findByTestId('with-private')
    expect(await findings()).toEqual([])
  })

  it('in the dialogue that writes an improvement', async () => {
    const { user } = openWindow({ at: '/insights' })
    await user.click(await screen.findByTestId('improve-new'))
    await screen.findByTestId('improve-title')
    expect(await findings()).toEqual([])
  })

  it('among the alerts', async () => {
    const { user } = openWindow({ at: '/today' })
    await user.click(await screen.findByTestId('alert-center'))
    await screen.findAllByTestId('alert')
    expect(await findings()).toEqual([])
  })
})

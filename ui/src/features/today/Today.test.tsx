import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { byId, openWindow, rows } from '@/test/window'

describe('today', () => {
  it('answers first whether all is well', async () => {
    openWindow({ at: '/today' })
    expect((await byId('verdict')).textContent).toContain('1 张已超时，2 张 1 小时内到期。')
  })

  it('a figure opens exactly its tickets', async () => {
    const { user } = openWindow({ at: '/today' })
    const figure = await byId('figure-atRisk')
    expect(figure.textContent).toMatch(/2$/)
    await user.click(figure)
    expect(await rows()).toHaveLength(2)
    await waitFor(() => expect(screen.getByTestId('view-due_1h').getAttribute('aria-current')).toBe('true'))
  })

  it('a figure of the day opens the inbox with its filter in sight, which can be dropped', async () => {
    const { user } = openWindow({ at: '/today' })
    const figure = await byId('figure-newToday')
    const shown = Number(figure.querySelector('b')?.textContent)
    expect(shown).toBeGreaterThan(0)
    await user.click(figure)
    const filtered = await byId('filtered-day')
    expect(filtered.textContent).toContain('今天新来')
    expect(await rows()).toHaveLength(shown)
    await user.click(within(filtered).getByRole('button'))
    await waitFor(() => expect(screen.queryByTestId('filtered-day')).toBeNull())
  })

  it('what each person carries opens that person’s tickets', async () => {
    const { user } = openWindow({ at: '/today' })
    const count = (await screen.findAllByTestId(/^load-/))[0] as HTMLElement
    const shown = Number(count.textContent)
    await user.click(count)
    expect((await screen.findByTestId(/^filtered-owners-/)).textContent).toContain('负责人')
    expect(await rows()).toHaveLength(shown)
  })

  it('the nearest deadlines open their tickets', async () => {
    const { user } = openWindow({ at: '/today' })
    const [first] = await screen.findAllByTestId('breaching')
    await user.click(first as HTMLElement)
    await waitFor(() => expect(screen.getByTestId('ticket').dataset.ticketId).toBe(first?.dataset.ticketId))
  })

  it('the chart has its figures in a table beside it', async () => {
    openWindow({ at: '/today' })
    const table = await screen.findByRole('region', { name: '按小时的数字' })
    expect(within(table).getAllByRole('row').length).toBeGreaterThan(3)
  })

  it('shows who is on duty, what a source lacks, and the unseen alerts', async () => {
    const { user } = openWindow({ at: '/today' })
    await byId('duty')
    await screen.findByText('26 小时没有新文件了')
    await user.click(await byId('today-alerts'))
    await screen.findByRole('dialog', { name: '提醒' })
  })

  it('before the first import it teaches what will be here', async () => {
    const { user } = openWindow({ furnished: false, at: '/today' })
    await user.click(await byId('welcome-skip-all'))
    await user.click(await byId('nav-today'))
    await screen.findByText('今天还没有什么可看')
  })
})

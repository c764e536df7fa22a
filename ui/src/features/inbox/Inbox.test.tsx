import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { byId, openWindow, rows, ticket } from '@/test/window'

const shown = () => screen.getAllByTestId('inbox-row').map((row) => row.dataset.ticketId)

describe('the inbox', () => {
  it('puts the nearest deadline first and opens it by itself', async () => {
    openWindow()
    const [first] = await rows()
    expect(first).toHaveProperty('dataset.tier', 'urgent')
    expect(within(first as HTMLElement).getByText(/超时/)).toBeTruthy()
    const pane = await ticket()
    expect(pane.getByTestId('review-body').textContent).toContain('上吐下泻')
  })

  it('views carry live counts and show exactly that many tickets', async () => {
    const { user } = openWindow()
    await rows()
    const view = await byId('view-urgent')
    await waitFor(() => expect(view.textContent).toMatch(/4$/))
    await user.click(view)
    await waitFor(() => expect(screen.getAllByTestId('inbox-row')).toHaveLength(4))
    expect(screen.getAllByTestId('inbox-row').every((row) => row.dataset.tier === 'urgent')).toBe(true)
  })

  it('finds two Chinese characters anywhere in a review', async () => {
    const { user } = openWindow()
    await rows()
    await user.type(await byId('search'), '红疹')
    await waitFor(() => expect(screen.getAllByTestId('inbox-row')).toHaveLength(1))
    expect((await ticket()).getByTestId('review-body').textContent).toContain('红疹')
  })

  it('words that nothing holds lead to one button that shows everything again', async () => {
    const { user } = openWindow()
    await rows()
    await user.type(await byId('search'), '没有这样的词')
    await user.click(await screen.findByText('清空搜索和筛选'))
    expect((await rows()).length).toBeGreaterThan(5)
  })

  it('is worked by keyboard: j and k move, r writes, and no key acts while somebody types', async () => {
    const { user } = openWindow()
    const before = await rows()
    const [first, second] = before.map((row) => row.dataset.ticketId)
    await waitFor(() => expect(screen.getByTestId('ticket').dataset.ticketId).toBe(first))
    await user.keyboard('j')
    await waitFor(() => expect(screen.getByTestId('ticket').dataset.ticketId).toBe(second))
    await user.keyboard('k')
    await waitFor(() => expect(screen.getByTestId('ticket').dataset.ticketId).toBe(first))
    await byId('composer')
    await user.keyboard('r')
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('composer')))
    await user.keyboard('jjk')
    expect(screen.getByTestId('composer')).toHaveProperty('value', 'jjk')
    expect(screen.getByTestId('ticket').dataset.ticketId).toBe(first)
  })

  it('no key acts while an input method is composing', async () => {
    openWindow()
    const [first] = (await rows()).map((row) => row.dataset.ticketId)
    await waitFor(() => expect(screen.getByTestId('ticket').dataset.ticketId).toBe(first))
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', isComposing: true, bubbles: true }))
    await new Promise((done) => setTimeout(done, 50))
    expect(screen.getByTestId('ticket').dataset.ticketId).toBe(first)
  })

  it('g then s goes to the sources', async () => {
    const { user } = openWindow()
    await rows()
    await user.keyboard('gs')
    await screen.findByText('导入记录')
  })

  it('fetches further pages by cursor, never the whole', async () => {
    const { fake } = openWindow({ bulk: 400 })
    await rows()
    expect(screen.getAllByTestId('inbox-row').length).toBeLessThan(60)
    expect(fake.calls.filter((call) => call === 'inboxPage').length).toBeLessThanOrEqual(2)
  })

  it('what changes elsewhere appears without a refresh', async () => {
    const { fake } = openWindow()
    await rows()
    const before = shown().length
    await fake.commands.ticketOpen('nobody')
    const page = await fake.commands.reviewPage({
      search: '',
      withoutTicket: true,
      channels: [],
      sentiments: [],
      cursor: null,
      limit: 1,
    })
    if (page.status === 'ok') await fake.commands.ticketOpen(page.data.rows[0]?.id ?? '')
    await waitFor(async () => {
      const { status, data } = (await fake.commands.inboxCounts()) as { status: string; data: { mine: number } }
      expect(status).toBe('ok')
      expect((await byId('view-mine')).textContent).toContain(String(data.mine))
    })
    expect(shown().length).toBeGreaterThanOrEqual(before)
  })

  it('a failing list says so in a sentence and can be tried again', async () => {
    const { user, fake } = openWindow({ at: '/reviews' })
    await screen.findByText('全部评价')
    fake.failNext('inboxPage', { code: 'store', message: '数据读不出来，什么都没有改动。请再试一次。', detail: null })
    await user.click(await byId('nav-inbox'))
    await screen.findByText('数据读不出来，什么都没有改动。请再试一次。')
    await user.click(screen.getByText('再试一次'))
    expect((await rows()).length).toBeGreaterThan(3)
  })

  it('a notification that was clicked opens its ticket', async () => {
    const { fake } = openWindow()
    const last = (await rows()).at(-1)?.dataset.ticketId ?? ''
    fake.emit('openTicket', { ticketId: last })
    await waitFor(() => expect(screen.getByTestId('ticket').dataset.ticketId).toBe(last))
  })

  it('a right click offers what the row allows', async () => {
    const { user, copied } = openWindow()
    const second = (await rows())[1] as HTMLElement
    await user.pointer({ keys: '[MouseRight]', target: second })
    await byId('row-menu')
    expect(screen.getByText('转给')).toBeTruthy()
    await user.click(screen.getByText(/^复制工单号/))
    await waitFor(() => expect(copied).toHaveLength(1))
    expect(copied[0]).toMatch(/^\d{4}-\d{4}$/)
  })

  it('the palette finds a screen by its pinyin initials', async () => {
    const { user } = openWindow()
    await rows()
    await user.keyboard('{Control>}k{/Control}')
    await user.type(await screen.findByPlaceholderText(/拼音首字母/), 'drpj')
    await user.click(await screen.findByText('来源：导入评价'))
    await screen.findByText('导入记录')
  })
})

import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { byId, openWindow, rows } from '@/test/window'
import { wideOnes } from './document/layout'
import { queryOf, readSearch, readSet } from './search'

/** A Monday morning: week 47 has just ended. */
const now = () => Date.parse('2026-11-23T01:30:00Z')
const report = () => openWindow({ at: '/report', now })
const shown = () => byId('report')
const name = async () => (await shown()).dataset.name

describe('the weekly report', () => {
  it('shows the newest week that is over: what happened, five numbers, and why', async () => {
    report()
    const page = await shown()
    expect(within(page).getByRole('heading', { level: 1 }).textContent).toBe('第 47 周周报')
    expect(screen.getByTestId('lead').textContent).toContain('去屑洗发水漏液')
    expect(screen.getByTestId('headline-first_response_attainment').textContent).toContain('+3.1 百分点（变好）')
    expect(screen.getByTestId('headline-conversion').textContent).toContain('暂无数据')
    expect(screen.queryByTestId('running')).toBeNull()
  })

  it('steps to the week before and back, and never into the future', async () => {
    const { user } = report()
    expect(await name()).toBe('2026-W47')
    await user.click(await byId('period-previous'))
    await waitFor(async () => expect(await name()).toBe('2026-W46'))
    await user.click(await byId('period-next'))
    await waitFor(async () => expect(await name()).toBe('2026-W47'))
    await user.click(await byId('period-next'))
    await screen.findByText('本周还没过完')
    expect(screen.getByTestId('period-next')).toHaveProperty('disabled', true)
  })

  it('counts the week that one more click would show while this one is read', async () => {
    const { user, fake } = report()
    expect(await name()).toBe('2026-W47')
    const asked = vi.spyOn(fake.commands, 'reportGet')
    await user.click(await byId('period-previous'))
    await waitFor(async () => expect(await name()).toBe('2026-W46'))
    await waitFor(() => expect(asked.mock.calls.map(([query]) => query.day)).toContain('2026-11-02'))
  })

  it('is daily and monthly too, and jumps to any day', async () => {
    const { user } = report()
    await shown()
    await user.click(screen.getByText('月报'))
    await waitFor(async () => expect(await name()).toBe('2026-10'))
    await user.click(screen.getByText('日报'))
    await waitFor(async () => expect(await name()).toMatch(/^2026-11-2\d$/))
    await user.click(screen.getByText('周报', { selector: 'label *, label' }))
    await waitFor(async () => expect(await name()).toBe('2026-W47'))
    await user.click(await byId('period-jump'))
    await user.click(await screen.findByRole('button', { name: '2026年11月4日星期三' }))
    await waitFor(async () => expect(await name()).toBe('2026-W45'))
  })

  it('is cut by shop; a chip takes the cut away again', async () => {
    const { user, fake } = report()
    await shown()
    const asked = vi.spyOn(fake.commands, 'reportGet')
    await user.click(await byId('report-filter'))
    await user.click(await screen.findByRole('combobox', { name: '门店' }))
    await user.click(await screen.findByRole('option', { name: '大学城店' }))
    const chip = await byId('cut-chip')
    expect(chip.textContent).toContain('门店：大学城店')
    await waitFor(() => expect(asked).toHaveBeenCalledWith(expect.objectContaining({ kind: 'weekly' })))
    expect(asked.mock.lastCall?.[0].cut?.shops).toEqual(['大学城店'])
    await screen.findByText(/只看 大学城店/)
    await user.click(within(chip).getByRole('button', { name: '去掉筛选：大学城店' }))
    await waitFor(() => expect(screen.queryByTestId('cut-chip')).toBeNull())
    await screen.findByText(/全部门店与渠道/)
  })

  it('words of customers stay words', async () => {
    report()
    const voices = await byId('section-voices')
    expect(voices.textContent).toContain('<b>客服让我自己拿胶带缠</b>')
    expect(voices.querySelector('b')).toBeNull()
  })

  it('a chart has its table beside it, or one click away', async () => {
    const { user } = report()
    const wide = await byId('section-causes')
    expect(within(wide).getByRole('img')).toBeTruthy()
    expect(within(wide).getAllByRole('row').length).toBeGreaterThan(5)
    const narrow = await byId('section-volume')
    expect(within(narrow).getByRole('img')).toBeTruthy()
    await user.click(within(narrow).getByText('看表格'))
    await waitFor(() => expect(within(narrow).queryByRole('img')).toBeNull())
    expect(within(narrow).getAllByRole('row').length).toBe(9)
  })

  it('says what would fill an empty part', async () => {
    report()
    expect((await byId('section-remedies')).textContent).toContain('处理工单时记下补偿方案和花费')
  })

  it('a week without a single review says so and leads to the sources', async () => {
    openWindow({ at: '/report?day=%222026-03-04%22', now })
    const empty = await byId('report-empty')
    expect(empty.textContent).toContain('这一周没有评价')
    expect(within(empty).getByRole('link', { name: '导入评价' })).toBeTruthy()
    expect(screen.getByTestId('export-pdf')).toHaveProperty('disabled', true)
  })

  it('before the first import it says what will be here', async () => {
    const { user } = openWindow({ furnished: false, at: '/report' })
    await user.click(await byId('welcome-skip-all'))
    await user.click(await byId('nav-report'))
    await screen.findByText('有了评价，周一早上就有周报')
  })

  it('a report that cannot be computed says so in a sentence and is tried again', async () => {
    const { user, fake } = openWindow({ at: '/today', now })
    await byId('duty')
    fake.failNext('reportGet', { code: 'store', message: '数据读不出来，什么都没有改动。请再试一次。', detail: null })
    await user.keyboard('gw')
    await screen.findByText('数据读不出来，什么都没有改动。请再试一次。')
    await user.click(screen.getByText('再试一次'))
    await shown()
  })

  it('is counted before anybody asks, and again when something changed since', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true })
    try {
      const { user, fake } = openWindow({ at: '/today', now })
      await byId('duty')
      const asked = vi.spyOn(fake.commands, 'reportGet')
      await vi.advanceTimersByTimeAsync(4_000)
      expect(asked).toHaveBeenCalledTimes(2)
      const days = asked.mock.calls.map(([query]) => query.day)
      const times = () => asked.mock.calls.filter(([query]) => days.includes(query.day)).length
      await user.keyboard('gw')
      const newest = await name()
      await user.click(await byId('period-previous'))
      await waitFor(async () => expect(await name()).not.toBe(newest))
      expect(times()).toBe(2)
      fake.emit('changed', { tags: ['inbox'] })
      fake.emit('changed', { tags: ['ticket'] })
      await vi.advanceTimersByTimeAsync(9_000)
      expect(times()).toBe(2)
      await vi.advanceTimersByTimeAsync(1_000)
      expect(times()).toBe(3)
    } finally {
      vi.useRealTimers()
    }
  })

  it('the palette finds it by its pinyin initials', async () => {
    const { user } = openWindow({ at: '/today', now })
    await byId('duty')
    await user.keyboard('{Control>}k{/Control}')
    await user.type(await screen.findByPlaceholderText(/拼音首字母/), 'zb')
    await user.click(await screen.findByText('周报、日报、月报'))
    await shown()
  })
})

describe('the tickets behind a number', () => {
  it('opens exactly the key of the number that was clicked, and comes back', async () => {
    const { user, fake } = report()
    await shown()
    const asked = vi.spyOn(fake.commands, 'reportTickets')
    const number = within(await byId('section-sla')).getByRole('link', {
      name: '紧急 · 方案 · 超时：打开 3 件工单',
    })
    const key = number.dataset.opens
    await user.click(number)
    expect((await byId('set-title')).textContent).toBe('第 47 周 · 紧急 · 方案 · 超时 3 件')
    const [set] = asked.mock.lastCall ?? []
    expect(set?.key).toBe(key)
    expect(set?.report).toMatchObject({ kind: 'weekly', day: '2026-11-16' })
    expect((await rows()).every((row) => row.dataset.tier === 'urgent')).toBe(true)
    expect(screen.getAllByTestId('inbox-row')).toHaveLength(3)
    await user.click(screen.getByTestId('set-drop'))
    await shown()
  })

  it('j, k and Enter work in it as in the inbox, and Escape goes back', async () => {
    const { user } = report()
    await user.click(within(await byId('headline-closed_in_72h')).getByRole('link'))
    const [first, second] = (await rows()).map((row) => row.dataset.ticketId)
    await waitFor(() => expect(screen.getByTestId('ticket').dataset.ticketId).toBe(first))
    await user.keyboard('j')
    await waitFor(() => expect(screen.getByTestId('ticket').dataset.ticketId).toBe(second))
    await user.keyboard('{Escape}')
    await shown()
  })

  it('a bar opens its part, reviews without a ticket are counted', async () => {
    const { user } = report()
    const causes = await byId('section-causes')
    await user.click(within(causes).getByRole('link', { name: '包装 · 本周：打开 96 件工单' }))
    expect((await byId('set-history')).textContent).toBe('另有 67 条历史评价没有工单')
    expect((await byId('set-more')).textContent).toContain('共 29 件')
  })

  it('parts of a bar open too', async () => {
    const { user } = report()
    const sla = await byId('section-sla')
    await user.click(within(sla).getByRole('link', { name: '紧急 · 首次答复：超时 1，打开背后的工单' }))
    expect((await byId('set-title')).textContent).toBe('第 47 周 · 紧急 · 首次答复 · 超时 1 件')
  })

  it('all of it works by keyboard alone', async () => {
    const { user } = report()
    const link = within(await byId('headline-first_response_attainment')).getByRole('link')
    link.focus()
    await user.keyboard('{Enter}')
    await byId('set-title')
  })

  it('keeps the cut of the report', async () => {
    const { user, fake } = openWindow({
      at: `/report?cut=${encodeURIComponent(JSON.stringify({ shops: ['大学城店'] }))}`,
      now,
    })
    await shown()
    const asked = vi.spyOn(fake.commands, 'reportTickets')
    await user.click(within(await byId('headline-closed_in_72h')).getByRole('link'))
    await byId('set-title')
    expect(asked.mock.lastCall?.[0].report.cut?.shops).toEqual(['大学城店'])
    await user.click(screen.getByTestId('set-back'))
    await byId('cut-chip')
  })
})

describe('a report leaves the window', () => {
  it('asks one thing, and private data stay out unless ticked', async () => {
    const { user, fake } = report()
    const saved = vi.spyOn(fake.commands, 'reportSave')
    await user.click(await byId('export-pdf'))
    expect(await byId('with-private')).toHaveProperty('checked', false)
    await user.click(screen.getByTestId('export-go'))
    await screen.findByText('已存为「第 47 周周报.pdf」')
    expect(saved.mock.lastCall?.slice(1)).toEqual(['pdf', false])
    await user.click(screen.getByTestId('export-xlsx'))
    await user.click(await byId('with-private'))
    await screen.findByText(/只发给有权看的人/)
    await user.click(screen.getByTestId('export-go'))
    await screen.findByText('已存为「第 47 周周报.xlsx」')
    expect(saved.mock.lastCall?.slice(1)).toEqual(['xlsx', true])
  })

  it('prints its document and none of the window around it', async () => {
    const print = vi.fn()
    window.print = print
    const { user } = report()
    const page = await shown()
    await user.click(await byId('print'))
    expect(print).toHaveBeenCalledOnce()
    const onPaper = (element: Element) => element.closest('[data-paper="off"]') === null
    expect(onPaper(screen.getByRole('navigation', { name: '主导航' }))).toBe(false)
    expect(
      within(page)
        .getAllByRole('button')
        .filter(onPaper)
        .map((one) => one.textContent),
    ).toEqual(
      // What opens a theme or an improvement is its name.
      expect.not.arrayContaining(['打印', '导出 PDF', '筛选', '建改进措施', '保存复盘']),
    )
    expect(onPaper(screen.getByTestId('lead'))).toBe(true)
    expect(page.closest('[data-paper="page"]')).toBeTruthy()
  })

  it('past reports are read only and say so', async () => {
    const { user, fake } = report()
    await user.click(await byId('report-more'))
    await user.click(await byId('show-archive'))
    const [newest] = await screen.findAllByTestId('archived')
    expect(newest?.textContent).toContain('未读')
    await user.click(newest as HTMLElement)
    expect((await byId('archived-banner')).textContent).toContain('这是 11月23日 09:00 存档的报告，数字不再变化')
    expect(screen.queryByTestId('period-previous')).toBeNull()
    expect(screen.queryByTestId('improve-new')).toBeNull()
    const saved = vi.spyOn(fake.commands, 'reportArchivedSave')
    await user.click(screen.getByTestId('export-pdf'))
    await screen.findByText(/已存为/)
    expect(saved).toHaveBeenCalledWith('ar-1', 'pdf')
    await user.click(screen.getByText('看最新的周报'))
    await byId('period-previous')
  })

  it('a notification that a report is ready opens that report', async () => {
    const { fake } = openWindow({ at: '/today', now })
    await byId('duty')
    fake.emit('openReport', { id: 'ar-2' })
    expect((await byId('archived-banner')).textContent).toContain('存档的报告')
    expect(await name()).toBe('2026-W46')
  })

  it('is made by itself when the settings say so', async () => {
    const { user, fake } = openWindow({ at: '/settings/reports', now })
    const saved = vi.spyOn(fake.commands, 'reportScheduleSave')
    await user.click(await byId('schedule-daily'))
    await waitFor(() => expect(saved.mock.lastCall?.[0]).toMatchObject({ weekly: true, weekday: 1, daily: true }))
    await user.click(screen.getByTestId('schedule-toBots'))
    await waitFor(() => expect(saved.mock.lastCall?.[0]).toMatchObject({ toBots: true, daily: true }))
    await user.click(screen.getByTestId('schedule-weekday'))
    await user.click(await screen.findByRole('option', { name: '周三' }))
    await waitFor(() => expect(saved.mock.lastCall?.[0]).toMatchObject({ weekday: 3 }))
    const time = screen.getByTestId('schedule-at')
    await user.clear(time)
    await user.type(time, '8:30{Enter}')
    await waitFor(() => expect(saved.mock.lastCall?.[0]).toMatchObject({ at: '08:30' }))
    expect(screen.getByText(/到点时电脑要开着/)).toBeTruthy()
  })
})

describe('the address of a report', () => {
  it('holds only what can be asked for', () => {
    expect(readSearch({ kind: 'yearly', day: 'gestern', cut: { shops: [], products: 7 }, archived: '' })).toEqual({})
    const search = readSearch({ kind: 'daily', day: '2026-11-22', cut: { shops: ['大学城店'] } })
    expect(queryOf(search)).toEqual({
      kind: 'daily',
      day: '2026-11-22',
      cut: {
        shops: ['大学城店'],
        channels: [],
        products: [],
        causes: [],
        tiers: [],
        people: [],
        teams: [],
        sources: [],
      },
    })
    expect(readSet({ key: '', report: {} })).toBeUndefined()
    expect(readSet({ key: 'k', report: {}, at: '/elsewhere' })).toEqual({ key: 'k', report: {}, at: '/report' })
  })
})

describe('sections', () => {
  it('stand side by side, and one that is left alone takes the whole width', () => {
    expect(wideOnes([false, false, true, false, true, false])).toEqual([false, false, true, true, true, true])
    expect(wideOnes([false, false, false])).toEqual([false, false, true])
  })
})

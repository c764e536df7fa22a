import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { byId, openWindow } from '@/test/window'

const NOW = Date.parse('2026-11-20T02:00:00Z')
const opened = () => openWindow({ at: '/settings/calendar', now: () => NOW })
const day = async (date: string) => {
  await byId('year')
  return document.querySelector<HTMLElement>(`[data-date="${date}"]`) as HTMLElement
}

describe('the calendar', () => {
  it('shows holidays, make-up workdays and what was set by hand', async () => {
    opened()
    expect((await day('2026-10-01')).getAttribute('aria-label')).toMatch(/节假日.*国庆节/)
    expect((await day('2026-10-10')).getAttribute('aria-label')).toMatch(/调休上班.*09:00–12:00 13:30–18:00/)
    expect((await day('2026-12-31')).getAttribute('aria-label')).toMatch(/自己改的.*年末盘点.*09:00–15:00/)
    expect(document.querySelectorAll('[data-date]')).toHaveLength(365)
  })

  it('a click closes a day; the difference is shown before it is saved', async () => {
    const { user, fake } = opened()
    const save = vi.spyOn(fake.commands, 'calendarSave')
    await user.click(await day('2026-11-24'))
    await user.click(await byId('day-done'))
    const changes = await byId('day-changes')
    expect(changes.textContent).toMatch(/11月24日周二09:00–12:00、13:30–18:00休息/)
    expect(save).not.toHaveBeenCalled()
    await user.click(await byId('save'))
    await waitFor(() => expect(save).toHaveBeenCalledOnce())
    expect(save.mock.calls[0]?.[0].rules.overrides).toContainEqual({
      date: '2026-11-24',
      closed: true,
      windows: [],
      note: '',
    })
  })

  it('is worked by keyboard: arrows move through the year, Enter opens the day', async () => {
    const { user } = opened()
    const today = await day('2026-11-20')
    today.focus()
    await user.keyboard('{ArrowDown}{ArrowRight}')
    expect(document.activeElement).toHaveProperty('dataset.date', '2026-11-28')
    await user.keyboard('{PageDown}')
    expect(document.activeElement).toHaveProperty('dataset.date', '2026-12-01')
    await user.keyboard('{Enter}')
    await screen.findByRole('dialog', { name: /12月1日/ })
    await user.keyboard('{Escape}')
    await waitFor(() => expect(document.activeElement).toHaveProperty('dataset.date', '2026-12-01'))
  })

  it('says of an unpublished year that it is not published and only assumed', async () => {
    const { user } = opened()
    await user.click(await byId('next-year'))
    await screen.findByText('未公布')
    await screen.findByText(/2027 年的放假安排还没有公布/)
    expect((await day('2027-10-01')).getAttribute('aria-label')).toMatch(/推算，未公布/)
  })

  it('days from a file are shown first and kept only when saved', async () => {
    const { user, fake } = opened()
    await user.click(await byId('calendar-import'))
    await screen.findByText('读入 3 天，保存后生效')
    await byId('save-bar')
    expect(fake.calls).not.toContain('calendarSave')
  })

  it('a notice of holidays is looked at, then counts for every calendar that follows them', async () => {
    const { user, fake } = opened()
    const save = vi.spyOn(fake.commands, 'holidaySave')
    expect((await byId('holiday-missing')).textContent).toContain('2027 年')
    await user.click(await byId('holiday-import'))
    const changes = await byId('holiday-changes')
    expect(changes.textContent).toContain('春节调休')
    expect(changes.textContent).toContain('放假（推算）')
    await screen.findByText(/这些日历会更新：默认（全部门店）.*人民广场店/)
    expect(save).not.toHaveBeenCalled()
    await user.click(await byId('holiday-save'))
    await waitFor(() => expect(screen.getByTestId('holiday-years').textContent).toContain('2027年放假安排.csv'))
    expect(screen.queryByTestId('holiday-missing')).toBeNull()
    expect(save.mock.calls[0]?.[0]).toMatchObject({ madeFrom: 0, applyToOpen: true })
  })

  it('an impossible calendar is refused in a sentence, and what was changed stays', async () => {
    const { user, fake } = opened()
    await user.click(await byId('week-0-1-drop'))
    await byId('save-bar')
    fake.failNext('calendarSave', {
      code: 'invalid',
      message: '接下来 366 天里没有一个营业时段，时限永远走不完。请至少留一段。',
      detail: null,
    })
    await user.click(await byId('save'))
    await screen.findAllByText(/请至少留一段/)
    await byId('save-bar')
    expect(screen.queryByTestId('week-0-1-drop')).toBeNull()
  })

  it('a shop gets its own calendar and can go back to the default', async () => {
    const { user, fake } = opened()
    await user.click(await byId('calendar-for-shop'))
    await user.type(await byId('shop-name'), '湖滨店')
    await user.click(await byId('shop-done'))
    await screen.findByText(/还没有单设/)
    await user.click(await screen.findByText('全天候（24×7）'))
    await user.click(await byId('save'))
    await user.click(await byId('calendar-forget'))
    await user.click(within(await screen.findByRole('dialog')).getByText('改回默认'))
    await waitFor(() => expect(fake.calls).toContain('calendarForget'))
  })
})

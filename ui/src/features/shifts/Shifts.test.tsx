import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { byId, openWindow } from '@/test/window'

const NOW = Date.parse('2026-11-20T02:00:00Z')
const opened = () => openWindow({ at: '/settings/shifts', now: () => NOW })

describe('shifts', () => {
  it('say who is on duty now, who is called and what the last shift wrote', async () => {
    opened()
    const duty = await byId('duty')
    expect(duty.textContent).toContain('在班李娜、何敏')
    expect(duty.textContent).toContain('值班何敏')
    await screen.findByText(/牛奶批次已停售/)
  })

  it('a click on a cell puts a person there', async () => {
    const { user, fake } = opened()
    const set = vi.spyOn(fake.commands, 'rosterSet')
    await user.click(await byId('cell-s-night-2026-11-20'))
    await user.click(await screen.findByRole('checkbox', { name: '周凯' }))
    await waitFor(() =>
      expect(set).toHaveBeenCalledWith({ date: '2026-11-20', shiftId: 's-night', personIds: ['p-zhou'], madeFrom: [] }),
    )
    await waitFor(() => expect(screen.getByTestId('cell-s-night-2026-11-20').textContent).toContain('周凯'))
  })

  it('an absence shows in the roster', async () => {
    const { user } = opened()
    await user.click(await byId('absence-add'))
    await user.type(await byId('absence-note'), '看牙')
    await user.click(await byId('absence-save'))
    await screen.findByText('看牙')
    const cell = await byId('cell-s-day-2026-11-20')
    await waitFor(() => expect(within(cell).getAllByText('请假').length).toBe(2))
  })

  it('the hand-over note is left for the next shift', async () => {
    const { user } = opened()
    await user.click(await byId('handover-edit'))
    await user.type(await byId('handover-words'), '陈先生要换房')
    await user.click(await byId('handover-save'))
    await screen.findByText('陈先生要换房')
  })

  it('a note by nobody asks who is writing, and is then left all the same', async () => {
    const { user, fake } = opened()
    await byId('duty')
    await fake.commands.personStandUp()
    await user.click(await byId('handover-edit'))
    await user.type(await byId('handover-words'), '钥匙在前台')
    await user.click(await byId('handover-save'))
    await user.type(await byId('person-name'), '小王')
    await user.click(await byId('person-sit'))
    await screen.findByText('钥匙在前台')
    await waitFor(() => expect(screen.queryByTestId('handover-words')).toBeNull())
  })

  it('a week is copied into the weeks after it', async () => {
    const { user, fake } = opened()
    await user.click(await byId('rotate'))
    await user.click(await byId('rotate-do'))
    await screen.findByText('已往后排 4 周')
    expect(fake.calls).toContain('rosterRotate')
  })

  it('without a roster everybody counts as on shift', async () => {
    const { user } = opened()
    await user.click(await byId('shifts-enabled'))
    await screen.findByText('没启用：所有人都算在班')
    await waitFor(() => expect(screen.getByTestId('duty').textContent).toContain('李娜、周凯、何敏'))
  })
})

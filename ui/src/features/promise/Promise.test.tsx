import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { byId, openWindow } from '@/test/window'

describe('the promise', () => {
  it('says how many deadlines a change moves and how many would be late, before anything is saved', async () => {
    const { user, fake } = openWindow({ at: '/settings/promise' })
    const target = await byId('target-urgent-first_response')
    expect(screen.queryByTestId('save-bar')).toBeNull()
    await user.clear(target)
    await user.type(target, '1')
    const moves = await byId('moves')
    expect(moves.textContent).toMatch(/移动 4 个时限.*其中 2 个会超时/)
    expect(await screen.findAllByText('会超时')).toHaveLength(2)
    expect(fake.calls).not.toContain('promiseSave')
  })

  it('reaches open tickets only when the person asks for it', async () => {
    const { user, fake } = openWindow({ at: '/settings/promise' })
    const save = vi.spyOn(fake.commands, 'promiseSave')
    const target = await byId('target-general-closure')
    await user.clear(target)
    await user.type(target, '48')
    await byId('moves')
    await user.click(await byId('save'))
    await waitFor(() => expect(save).toHaveBeenCalledOnce())
    expect(save.mock.calls[0]?.[0]).toMatchObject({ applyToOpen: false, rules: { general: { closure: 172_800 } } })
    await screen.findByText(/李娜 保存于/)
    expect(screen.queryByTestId('save-bar')).toBeNull()
  })

  it('an impossible promise is refused in a sentence, and what was typed stays', async () => {
    const { user } = openWindow({ at: '/settings/promise' })
    const first = await screen.findByRole('textbox', { name: '第一次提醒' })
    await user.clear(first)
    await user.type(first, '95')
    await user.click(await byId('save'))
    await screen.findAllByText('第二次提醒要比第一次晚。')
    expect(first).toHaveProperty('value', '95 %')
  })

  it('leaving with unsaved changes asks first', async () => {
    const { user } = openWindow({ at: '/settings/promise' })
    const target = await byId('target-urgent-solution')
    await user.clear(target)
    await user.click(await byId('settings-about'))
    await user.click(await byId('leave-stay'))
    expect(screen.getByTestId('target-urgent-solution')).toHaveProperty('value', '')
    await user.click(await byId('settings-about'))
    await user.click(await byId('leave-discard'))
    await screen.findByText(/帮您把差评按时/)
  })

  it('what somebody else saves meanwhile does not replace what is being changed here', async () => {
    const { user, fake } = openWindow({ at: '/settings/promise' })
    const target = await byId('target-urgent-solution')
    await user.clear(target)
    await user.type(target, '20')
    const found = await fake.commands.promiseGet()
    if (found.status !== 'ok') throw new Error('no promise')
    const theirs = { rules: { ...found.data.rules, reopenDays: 9 }, applyToOpen: false, madeFrom: 1 }
    await fake.commands.promiseSave(theirs)
    const changed = await byId('changed-meanwhile')
    expect(changed.textContent).toContain('已保存第 2 版承诺')
    expect(target).toHaveProperty('value', '20')
    expect(screen.queryByTestId('save')).toBeNull()
    // Kept as a change of the newer one: saving it now loses neither.
    await user.click(await byId('keep-mine'))
    await user.click(await byId('save'))
    await screen.findByText(/第 3 版/)
    const now = await fake.commands.promiseGet()
    expect(now).toMatchObject({ data: { version: 3, rules: { reopenDays: 9, urgent: { solution: 20 * 3600 } } } })
  })

  it('what somebody else saved can be taken instead', async () => {
    const { user, fake } = openWindow({ at: '/settings/promise' })
    const target = await byId('target-urgent-solution')
    await user.clear(target)
    await user.type(target, '20')
    const found = await fake.commands.promiseGet()
    if (found.status !== 'ok') throw new Error('no promise')
    const rules = { ...found.data.rules, urgent: { ...found.data.rules.urgent, solution: 12 * 3600 } }
    await fake.commands.promiseSave({ rules, applyToOpen: false, madeFrom: 1 })
    await user.click(await byId('reload'))
    await waitFor(() => expect(screen.getByTestId('target-urgent-solution')).toHaveProperty('value', '12'))
    expect(screen.queryByTestId('save-bar')).toBeNull()
  })

  it('a change can be thrown away', async () => {
    const { user } = openWindow({ at: '/settings/promise' })
    const target = await byId('target-urgent-solution')
    await user.clear(target)
    await user.click(await byId('discard'))
    expect(target).toHaveProperty('value', '24')
  })
})

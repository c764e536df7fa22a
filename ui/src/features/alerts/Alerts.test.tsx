import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { byId, openWindow, rows } from '@/test/window'

describe('alerts', () => {
  it('keep their history, with what became of each', async () => {
    const { user } = openWindow()
    await rows()
    await user.click(await byId('alert-center'))
    const list = await screen.findByRole('dialog', { name: '提醒' })
    expect(await within(list).findAllByTestId('alert')).toHaveLength(3)
    expect(within(list).getByText('未送达')).toBeTruthy()
    expect(within(list).getByText('已响')).toBeTruthy()
    expect(within(list).getByText('已确认')).toBeTruthy()
    expect(within(list).getByText(/发给 周凯、何敏/)).toBeTruthy()
  })

  it('acknowledging silences one, and the rail counts what is unseen', async () => {
    const { user, fake } = openWindow()
    await rows()
    const rail = await byId('alert-center')
    await waitFor(() => expect(rail.textContent).toContain('2 条没看'))
    await user.click(rail)
    await user.click((await screen.findAllByTestId('alert-acknowledge'))[0] as HTMLElement)
    await waitFor(() => expect(screen.getAllByText('已确认')).toHaveLength(2))
    expect(fake.calls).toContain('alertAcknowledge')
    await waitFor(() => expect(rail.textContent).toContain('1 条没看'))
  })

  it('one that is put off says until when, and no clock stops for it', async () => {
    const { user, fake } = openWindow()
    await rows()
    await user.click(await byId('alert-center'))
    await user.click((await screen.findAllByTestId('alert-snooze'))[0] as HTMLElement)
    await user.click(await screen.findByText('30 分后再提醒'))
    await screen.findByText(/稍后，.* 再响/)
    expect(fake.calls).not.toContain('ticketStatus')
  })

  it('the window shows what the desktop could not, with the same two buttons', async () => {
    const { user, fake } = openWindow()
    await rows()
    const list = await fake.commands.alertList()
    if (list.status !== 'ok' || !list.data[0]) throw new Error('no alert')
    fake.emit('alertRaised', { alert: list.data[0] })
    await user.click(await byId('shown-alert-later'))
    await waitFor(() => expect(fake.calls).toContain('alertSnooze'))
  })

  it('say plainly that the desktop shows none', async () => {
    const { user, fake } = openWindow()
    await rows()
    await fake.commands.workspaceUpdate({ notificationSeen: false })
    await user.click(await byId('alert-center'))
    await screen.findByText('没看到提醒')
    await screen.findByText(/在那之前，窗口里也会提醒/)
  })

  it('s puts off the alert of the open ticket', async () => {
    const { user, fake } = openWindow()
    await rows()
    const snooze = vi.spyOn(fake.commands, 'alertSnooze')
    await byId('ticket-snooze')
    await user.keyboard('s')
    await user.click(await screen.findByText('10 分后再提醒'))
    await waitFor(() => expect(snooze).toHaveBeenCalledOnce())
    expect(snooze.mock.calls[0]?.[0].minutes).toBe(10)
  })

  it('a person chooses what rings, how, and when it is quiet', async () => {
    const { user, fake } = openWindow({ at: '/settings/alerts' })
    const save = vi.spyOn(fake.commands, 'alertRulesSave')
    await user.click(await byId('native-l1'))
    await waitFor(() => expect(save).toHaveBeenCalledOnce())
    expect(save.mock.calls[0]?.[0].mine?.levels.find(({ level }) => level === 'l1')?.native).toBe(false)
    await user.click(await byId('meeting-60'))
    await screen.findByText(/安静到/)
    await screen.findByText('电脑关机或睡眠时不会提醒。')
    await screen.findByText(/amends-cli serve --data/)
  })
})

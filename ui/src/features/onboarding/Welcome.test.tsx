import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { byId, openWindow, rows } from '@/test/window'

describe('the first start', () => {
  it('leads from language to sample data in six steps', async () => {
    const { user, fake } = openWindow({ furnished: false })
    await screen.findByText('选择语言')
    await user.click(await byId('welcome-next'))
    await screen.findByText('您做哪一行？')
    await user.click(await byId('choice-restaurant'))
    await user.click(await byId('welcome-next'))
    await screen.findByText('时限怎么算？')
    await user.click(await byId('welcome-next'))
    await screen.findByText('谁在用这台电脑？')
    await user.type(await byId('person-name'), '小李')
    await user.click(await byId('welcome-next'))
    await screen.findByText('试一下提醒')
    await screen.findByText(/电脑关机或睡眠时不会提醒/)
    await user.click(await byId('notification-test'))
    await user.click(await byId('notification-seen'))
    await screen.findByText('好，提醒能用。')
    await user.click(await byId('welcome-next'))
    await user.click(await byId('load-sample'))
    expect((await rows()).length).toBeGreaterThan(3)

    const answer = await fake.commands.workspaceGet()
    expect(answer).toMatchObject({
      status: 'ok',
      data: {
        welcomed: true,
        industry: 'restaurant',
        actor: { name: '小李' },
        notifications: 'confirmed',
        hasSample: true,
      },
    })
  })

  it('can be skipped whole; the empty inbox then teaches how reviews come in', async () => {
    const { user } = openWindow({ furnished: false })
    await user.click(await byId('welcome-skip-all'))
    await screen.findByText('先把评价带进来')
  })

  it('every single step can be skipped', async () => {
    const { user } = openWindow({ furnished: false })
    for (let step = 0; step < 6; step++) await user.click(await byId('welcome-skip'))
    await screen.findByText('先把评价带进来')
  })

  it('a person who did not see the notification is told what to do', async () => {
    const { user } = openWindow({ furnished: false })
    for (let step = 0; step < 4; step++) await user.click(await byId('welcome-skip'))
    await user.click(await byId('notification-test'))
    await user.click(await byId('notification-unseen'))
    await screen.findByText(/打开系统设置/)
  })

  it('a file dropped at any step goes straight to its preview', async () => {
    const { fake } = openWindow({ furnished: false })
    await screen.findByText('选择语言')
    const answer = await fake.commands.importChoose()
    if (answer.status === 'ok' && answer.data) fake.emit('filesDropped', { files: [answer.data] })
    await byId('import-preview')
  })

  it('the chosen language speaks at once', async () => {
    const { user } = openWindow({ furnished: false })
    await user.click(await byId('choice-en'))
    await screen.findByText('Choose a language')
    await user.click(await byId('choice-zh-CN'))
    await waitFor(() => expect(document.documentElement.lang).toBe('zh-CN'))
  })
})

import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { byId, openWindow } from '@/test/window'

describe('chat bots', () => {
  it('a test says in words whether the group got it', async () => {
    const { user } = openWindow({ at: '/settings/bots' })
    const [works, broken] = await screen.findAllByTestId('bot')
    await user.click(within(works as HTMLElement).getByTestId('bot-test'))
    await within(works as HTMLElement).findByText('群里应该已经看到测试消息。')
    await user.click(within(broken as HTMLElement).getByTestId('bot-test'))
    await waitFor(() =>
      expect(within(broken as HTMLElement).getByTestId('bot-test-result').textContent).toContain('签名不对'),
    )
  })

  it('is added by pasting its address', async () => {
    const { user, fake } = openWindow({ at: '/settings/bots' })
    const save = vi.spyOn(fake.commands, 'botSave')
    await user.click(await byId('bot-add'))
    expect(await byId('bot-save')).toHaveProperty('disabled', true)
    await user.click(screen.getByText('飞书'))
    await user.click(await byId('bot-address'))
    await user.paste('https://open.feishu.cn/open-apis/bot/v2/hook/abc')
    await user.type(await byId('bot-name'), '夜班群')
    await user.click(await byId('bot-save'))
    await screen.findByText('夜班群')
    expect(save.mock.calls[0]?.[0]).toMatchObject({ id: null, kind: 'feishu', secret: null, enabled: true })
  })

  it('one is changed without showing or losing its secret', async () => {
    const { user, fake } = openWindow({ at: '/settings/bots' })
    const save = vi.spyOn(fake.commands, 'botSave')
    await user.click((await screen.findAllByTestId('bot-edit'))[1] as HTMLElement)
    expect(await byId('bot-secret')).toHaveProperty('value', '')
    await user.click(await byId('bot-save'))
    await waitFor(() => expect(save).toHaveBeenCalledOnce())
    expect(save.mock.calls[0]?.[0]).toMatchObject({ id: 'bot-2', address: null, secret: null })
  })

  it('what somebody else changed meanwhile is kept, and so is what is typed here', async () => {
    const { user, fake } = openWindow({ at: '/settings/bots' })
    await user.click((await screen.findAllByTestId('bot-edit'))[0] as HTMLElement)
    await user.clear(await byId('bot-name'))
    await user.type(await byId('bot-name'), '夜班群')
    const found = await fake.commands.botList()
    if (found.status !== 'ok' || !found.data[0]) throw new Error('no bot')
    const { id, kind, levels, revision } = found.data[0]
    const theirs = { id, kind, levels, name: '白班群', address: null, secret: null, quiet: null, enabled: true }
    await fake.commands.botSave({ ...theirs, keyword: null, madeFrom: revision })
    await user.click(await byId('bot-save'))
    await byId('changed-meanwhile')
    expect(await byId('bot-name')).toHaveProperty('value', '夜班群')
    await user.click(await byId('reload'))
    await waitFor(() => expect(screen.getByTestId('bot-name')).toHaveProperty('value', '白班群'))
  })

  it('removing one says what goes, first', async () => {
    const { user, fake } = openWindow({ at: '/settings/bots' })
    await user.click((await screen.findAllByTestId('bot-remove'))[0] as HTMLElement)
    await screen.findByText(/存着的地址和密钥一并删掉/)
    expect(fake.calls).not.toContain('botRemove')
    await user.click(within(screen.getByRole('dialog')).getByText('删除'))
    await waitFor(() => expect(screen.getAllByTestId('bot')).toHaveLength(1))
  })
})

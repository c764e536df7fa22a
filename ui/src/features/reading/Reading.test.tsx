import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { byId, openWindow } from '@/test/window'

describe('how reviews are read', () => {
  it('a word is added and made urgent with two clicks', async () => {
    const { user, fake } = openWindow({ at: '/settings/reading' })
    const save = vi.spyOn(fake.commands, 'keywordsSave')
    await user.type(await byId('keyword'), '工商局')
    await user.click(await byId('keyword-add'))
    const row = (await screen.findByText('工商局')).closest('tr') as HTMLElement
    await user.click(within(row).getByTestId('keyword-urgent'))
    await waitFor(() =>
      expect(save.mock.calls.at(-1)?.[0].at(-1)).toEqual({ keyword: '工商局', channels: [], urgent: true }),
    )
  })

  it('what was learned is shown before and after, and forgetting it asks first and can be taken back', async () => {
    const { user, fake } = openWindow({ at: '/settings/reading' })
    const learned = await byId('learned')
    expect(learned.textContent).toContain('23')
    expect(learned.textContent).toContain('91%')
    await user.click(await byId('learning-reset'))
    expect(fake.calls).not.toContain('learningReset')
    await user.click(within(await screen.findByRole('dialog')).getByText('清空所学', { selector: 'button *' }))
    await user.click(await byId('learning-restore'))
    await byId('learned')
  })
})

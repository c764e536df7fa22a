import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { byId, openWindow } from '@/test/window'

describe('people', () => {
  it('a misspelt name is mended and a department chosen', async () => {
    const { user } = openWindow({ at: '/settings/people' })
    await user.click(await screen.findByRole('button', { name: '修改 周凯' }))
    const name = await byId('person-name')
    await user.clear(name)
    await user.type(name, '周锴')
    await user.click(await byId('person-save'))
    expect(await screen.findByText('周锴')).toBeTruthy()
  })

  it('who has left is out of every choice and can come back', async () => {
    const { user } = openWindow({ at: '/settings/people' })
    await user.click(await screen.findByRole('button', { name: '修改 何敏' }))
    await user.click(await byId('person-leave'))
    const back = await screen.findByRole('button', { name: '恢复 何敏' })
    await user.click(back)
    await waitFor(() => expect(screen.queryByRole('button', { name: '恢复 何敏' })).toBeNull())
  })

  it('a cause is given to another department', async () => {
    const { user, fake } = openWindow({ at: '/settings/people' })
    const table = await byId('assignment')
    await user.click((await within(table).findAllByLabelText('物流分给'))[0] as HTMLElement)
    await user.click(await screen.findByRole('option', { name: '市场' }))
    await waitFor(() => expect(fake.calls).toContain('assignmentSave'))
  })
})

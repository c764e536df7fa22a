import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { byId, openWindow } from '@/test/window'

describe('orders', () => {
  it('come in from a file, and the window says what they are for and what came of it', async () => {
    const { user, fake } = openWindow({ at: '/sources' })
    await screen.findByText(/用来算每千单差评率和复购/)
    await user.click(await byId('orders-import'))
    await screen.findByText(/读了 29,140 行，新增 28,870 单，已有 262 单。8 行读不出来/)
    expect(fake.calls).toContain('ordersImport')
  })
})

describe('an import that was taken back', () => {
  it('is brought back with one click', async () => {
    const { user, fake } = openWindow({ at: '/sources' })
    const [first] = await screen.findAllByTestId('batch')
    await user.click(within(first as HTMLElement).getByTestId('batch-undo'))
    await user.click(await confirm())
    await user.click(await byId('batch-restore'))
    await screen.findByText('「外卖评价_11月.csv」已恢复')
    expect(fake.calls).toContain('batchRestore')
  })
})

/** The button of the question, not of the row. */
async function confirm() {
  const dialog = await screen.findByRole('dialog')
  return within(dialog).getByRole('button', { name: '撤销导入' })
}

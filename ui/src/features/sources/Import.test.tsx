import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { byId, openWindow } from '@/test/window'

describe('an import', () => {
  it('shows mapping and ten rows before anything is written, then its numbers', async () => {
    const { user, fake } = openWindow({ at: '/sources', rate: 200_000 })
    await user.click(await byId('choose-file'))
    const preview = await byId('import-preview')
    expect(preview.querySelectorAll('tbody tr')).toHaveLength(10)
    expect((await byId('import-found')).textContent).toContain('GB18030')
    expect(fake.calls).not.toContain('importStart')
    await user.click(await byId('import-start'))
    expect((await screen.findByTestId('result-read', undefined, { timeout: 4000 })).textContent).toContain('36,000')
    await screen.findByText('5 行没进来')
    await user.click(await byId('import-done'))
    await screen.findAllByTestId('inbox-row')
  })

  it('what a person decided reaches the core', async () => {
    const { user, fake } = openWindow({ at: '/sources' })
    const start = vi.spyOn(fake.commands, 'importStart')
    await user.click(await byId('choose-file'))
    await byId('import-preview')
    await user.type(await byId('import-shop'), '湖滨店')
    await user.click(await byId('import-open'))
    await waitFor(() => expect(screen.getByTestId('import-start')).toHaveProperty('disabled', false))
    await user.click(await byId('import-start'))
    await waitFor(() => expect(start).toHaveBeenCalledOnce())
    expect(start.mock.calls[0]?.[1]).toMatchObject({ shop: '湖滨店', openDays: 7 })
  })

  it('can be cancelled, and then says that nothing was kept', async () => {
    const { user } = openWindow({ at: '/sources', rate: 1000 })
    await user.click(await byId('choose-file'))
    await user.click(await byId('import-start'))
    await user.click(await byId('import-cancel'))
    await screen.findByText('什么都没有写入。')
  })

  it('goes on while the person is elsewhere and ends with a notice', async () => {
    const { user } = openWindow({ at: '/sources', rate: 60_000 })
    await user.click(await byId('choose-file'))
    await user.click(await byId('import-start'))
    await byId('import-running')
    await user.click(await byId('nav-inbox'))
    await screen.findByText(/导完了/, undefined, { timeout: 4000 })
  })

  it('a file that is no table of reviews gets a sentence, and another can be chosen', async () => {
    const { user, fake } = openWindow({ at: '/sources' })
    await byId('choose-file')
    fake.failNext('importInspect', {
      code: 'file',
      message: '文件设了打开密码。请先去掉密码另存一份，再导入。',
      detail: null,
    })
    await user.click(await byId('choose-file'))
    await screen.findByText(/文件设了打开密码/)
    await user.click(await byId('import-other'))
    await byId('choose-file')
  })

  it('waits for an answer that only a person can give', async () => {
    const { user, fake } = openWindow({ at: '/sources' })
    await byId('choose-file')
    fake.commands.importChoose = async () => {
      const answer = await createNamed(fake, '无门店.csv')
      return answer
    }
    await user.click(await byId('choose-file'))
    const question = await byId('question-shop')
    expect(await byId('import-start')).toHaveProperty('disabled', true)
    await user.type(question, '大学城店')
    await waitFor(() => expect(screen.getByTestId('import-start')).toHaveProperty('disabled', false))
  })

  it('asks in which scale the ratings are where the file does not tell, and the answer can be changed', async () => {
    const { user, fake } = openWindow({ at: '/sources' })
    const start = vi.spyOn(fake.commands, 'importStart')
    await byId('choose-file')
    fake.commands.importChoose = () => createNamed(fake, '评分不明.csv')
    await user.click(await byId('choose-file'))
    await screen.findByText('评分是几分制？例如这一行写的是 8。')
    expect(await byId('import-start')).toHaveProperty('disabled', true)
    await user.click(await byId('question-scale'))
    await user.click(await screen.findByText('五分制'))
    await waitFor(() => expect(screen.getByTestId('import-start')).toHaveProperty('disabled', false))
    await user.click(await byId('question-scale'))
    await user.click(await screen.findByText('十分制'))
    await waitFor(() => expect(screen.getByTestId('import-start')).toHaveProperty('disabled', false))
    await user.click(await byId('import-start'))
    await waitFor(() => expect(start).toHaveBeenCalledOnce())
    expect(start.mock.calls[0]?.[1]).toMatchObject({ scale: 'stars10' })
  })

  it('can be undone from the list of past imports after saying what goes', async () => {
    const { user, fake } = openWindow({ at: '/sources' })
    await user.click((await screen.findAllByTestId('batch-undo'))[0] as HTMLElement)
    await screen.findByText(/1197 条评价和 16 张工单会被移走/)
    expect(fake.calls).not.toContain('batchUndo')
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: '撤销导入' }))
    await waitFor(() => expect(fake.calls).toContain('batchUndo'))
    await screen.findByText('已撤销')
  })
})

/** A pick whose name makes the fake core ask. */
async function createNamed(fake: ReturnType<typeof openWindow>['fake'], name: string) {
  const pick = await new Promise<Awaited<ReturnType<typeof fake.commands.importChoose>>>((done) => {
    const stop = fake.listen('filesDropped', ({ files }) => {
      stop()
      done({ status: 'ok', data: files[0] ?? null })
    })
    const drop = new Event('drop') as Event & { dataTransfer?: unknown }
    drop.dataTransfer = { files: [new File(['x'], name)] }
    window.dispatchEvent(drop)
  })
  return pick
}

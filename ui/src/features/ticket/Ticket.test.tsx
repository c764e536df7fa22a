import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { byId, openWindow, rows, ticket } from '@/test/window'

describe('a ticket', () => {
  it('marks the telling words and says what each speaks for', async () => {
    openWindow()
    await rows()
    const words = (await ticket()).getByTestId('review-body').querySelectorAll('mark')
    expect([...words].map((mark) => [mark.textContent, mark.title])).toEqual([
      ['上吐下泻', '说的是：健康'],
      ['打了 12315', '说的是：投诉举报'],
      ['还有霉点', '说的是：卫生'],
    ])
    expect((await byId('why-tier')).textContent).toContain('为什么是紧急')
    expect((await byId('why-tier')).textContent).toContain('健康、人身、隐私或辱骂')
  })

  it('review text is shown as text, whatever it holds', async () => {
    const { fake } = openWindow()
    await rows()
    const page = await fake.commands.inboxPage({
      view: 'all',
      search: '',
      tiers: [],
      causes: [],
      channels: [],
      statuses: [],
      cursor: null,
      limit: 1,
    })
    if (page.status !== 'ok' || !page.data.rows[0]) throw new Error('no ticket')
    await fake.commands.ticketNote({
      ticket: { id: page.data.rows[0].id, version: page.data.rows[0].version },
      body: '<img src=x onerror=alert(1)><b>粗</b>',
    })
    await screen.findByText('<img src=x onerror=alert(1)><b>粗</b>')
    expect(document.querySelector('img')).toBeNull()
  })

  it('"copy and mark as answered" copies the words, stops the clock and offers to take it back', async () => {
    const { user, copied } = openWindow()
    await rows()
    await user.click((await rows())[1] as HTMLElement)
    await waitFor(() => expect(screen.getByTestId('clock-first_response').dataset.state).toBe('running'))
    await user.type(await byId('composer'), '王女士您好，真的对不起。')
    await user.click(await byId('reply-done'))
    await waitFor(() => expect(screen.getByTestId('clock-first_response').dataset.state).toBe('met'))
    expect(copied).toEqual(['王女士您好，真的对不起。'])
    expect(screen.getByTestId('composer')).toHaveProperty('value', '')
    expect(within(screen.getByTestId('trail')).getByText('王女士您好，真的对不起。')).toBeTruthy()

    await user.click(await byId('undo'))
    await waitFor(() => expect(screen.getByTestId('clock-first_response').dataset.state).toBe('running'))
    await waitFor(() => expect(screen.getByTestId('composer')).toHaveProperty('value', '王女士您好，真的对不起。'))
  })

  it('an answer that could not be copied is not marked behind the person’s back', async () => {
    const { user, fake } = openWindow()
    await rows()
    await user.type(await byId('composer'), '您好')
    navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))
    document.execCommand = () => false
    await user.click(await byId('reply-done'))
    await screen.findByText('没能复制')
    expect(fake.calls).not.toContain('ticketReply')
    await user.click(await byId('reply-marked'))
    await waitFor(() => expect(fake.calls).toContain('ticketReply'))
  })

  it('an earlier time that the person states is checked and sent', async () => {
    const { user, fake } = openWindow()
    await rows()
    const reply = vi.spyOn(fake.commands, 'ticketReply')
    await user.type(await byId('composer'), '您好')
    await user.click(await byId('earlier'))
    await user.type(await byId('earlier-time'), '25:99')
    await user.click(await byId('reply-done'))
    await screen.findByText('写成 14:05 这样')
    expect(reply).not.toHaveBeenCalled()
    await user.clear(await byId('earlier-time'))
    await user.type(await byId('earlier-time'), '0:00')
    await user.click(await byId('reply-done'))
    await waitFor(() => expect(reply).toHaveBeenCalledOnce())
    const at = reply.mock.calls[0]?.[0].at ?? ''
    expect(Number.isNaN(Date.parse(at))).toBe(false)
    expect(
      new Intl.DateTimeFormat('en-GB', {
        timeZone: 'Asia/Shanghai',
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      }).format(Date.parse(at)),
    ).toBe('00:00')
  })

  it('a draft is in the database within half a second of the last key', async () => {
    const { user, fake } = openWindow()
    const [first] = await rows()
    await user.type(await byId('composer'), '写到一半')
    await waitFor(() => expect(fake.drafts.get(first?.dataset.ticketId ?? '')).toBe('写到一半'), { timeout: 500 })
  })

  it('going to another ticket loses no word of the draft', async () => {
    const { user, fake } = openWindow()
    const all = await rows()
    const [first, second] = all.map((row) => row.dataset.ticketId ?? '')
    await user.type(await byId('composer'), '马上走')
    await user.click(all[1] as HTMLElement)
    await waitFor(() => expect(screen.getByTestId('ticket').dataset.ticketId).toBe(second))
    await waitFor(() => expect(fake.drafts.get(first ?? '')).toBe('马上走'))
    await user.click(screen.getAllByTestId('inbox-row')[0] as HTMLElement)
    await waitFor(() => expect(screen.getByTestId('ticket').dataset.ticketId).toBe(first))
    await waitFor(() => expect(screen.getByTestId('composer')).toHaveProperty('value', '马上走'))
  })

  it('a hidden window saves the draft at once', async () => {
    const { user, fake } = openWindow()
    const [first] = await rows()
    await user.type(await byId('composer'), '关')
    document.dispatchEvent(new Event('visibilitychange'))
    await waitFor(() => expect(fake.drafts.get(first?.dataset.ticketId ?? '')).toBe('关'), { timeout: 200 })
  })

  it('a draft that could not be saved says so and is tried again', async () => {
    const { user, fake } = openWindow()
    const [first] = await rows()
    fake.failNext('draftSave', { code: 'store', message: '磁盘满了', detail: null })
    await user.type(await byId('composer'), '再来')
    await screen.findByText('草稿没存上，正在重试')
    await waitFor(() => expect(fake.drafts.get(first?.dataset.ticketId ?? '')).toBe('再来'), { timeout: 4000 })
  })

  it('goes the whole loop: answered, solution, resolved, closed with the invitation', async () => {
    const { user } = openWindow()
    await rows()
    await user.type(await byId('composer'), '您好')
    await user.click(await byId('reply-done'))
    await user.click(await byId('offer-solution'))
    await user.type(await byId('step-words'), '退款 28 元')
    await user.click(await byId('step-confirm'))
    await waitFor(() => expect(screen.getByTestId('clock-solution').dataset.state).toBe('met'))
    await user.click(await byId('resolve'))
    await user.click(await byId('step-confirm'))
    await user.click(await byId('close'))
    await screen.findByText('改评邀请')
    await user.click(await byId('step-confirm'))
    await waitFor(() => expect(screen.getByTestId('clock-closure').dataset.state).toBe('met'))
    expect(screen.queryByTestId('composer')).toBeNull()
    await byId('reopen')
  })

  it('is not dismissed as "other" without a word why', async () => {
    const { user } = openWindow()
    await rows()
    await user.click(await byId('dismiss'))
    await user.click(await byId('dismiss-other'))
    expect(await byId('step-confirm')).toHaveProperty('disabled', true)
    await user.type(await byId('step-words'), '同行误评')
    await user.click(await byId('step-confirm'))
    await screen.findByText(/已判为无需处理/)
  })

  it('a changed tier re-targets its clocks and can be taken back', async () => {
    const { user } = openWindow()
    await rows()
    await user.click(await byId('tier-select'))
    await user.click(await byId('tier-general'))
    await waitFor(() => expect(screen.getByTestId('tier-select').dataset.tier).toBe('general'))
    expect(screen.queryByTestId('clock-solution')).toBeNull()
    await user.click(await byId('undo'))
    await waitFor(() => expect(screen.getByTestId('tier-select').dataset.tier).toBe('urgent'))
  })

  it('what somebody else changed in between is shown instead of overwritten', async () => {
    const { user, fake } = openWindow()
    const [first] = await rows()
    await byId('note-input')
    const one = await fake.commands.ticketGet(first?.dataset.ticketId ?? '')
    if (one.status !== 'ok') throw new Error('no ticket')
    fake.failNext('ticketNote', { code: 'conflict', message: '这张工单刚被改过，请看一眼再操作。', detail: null })
    await user.type(await byId('note-input'), '记一下')
    await user.click(await byId('note-save'))
    await screen.findByText('这张工单刚被改过，请看一眼再操作。')
    expect(screen.getByTestId('note-input')).toHaveProperty('value', '记一下')
  })

  it('asks who is sitting here when nobody has said so, and then goes on', async () => {
    const { user, fake } = openWindow()
    await rows()
    await fake.commands.personStandUp()
    await user.type(await byId('note-input'), '交班')
    await user.click(await byId('note-save'))
    await user.type(await byId('person-name'), '小王')
    await user.click(await byId('person-sit'))
    expect(await within(await byId('trail')).findByText('交班')).toBeTruthy()
  })

  it('words written before anybody sat down are kept, and saved once somebody does', async () => {
    const { user, fake } = openWindow()
    const [first] = await rows()
    await fake.commands.personStandUp()
    await user.type(await byId('composer'), '先写着')
    await user.click(await screen.findByText('还没存：先说是谁在用'))
    await user.type(await byId('person-name'), '小王')
    await user.click(await byId('person-sit'))
    await waitFor(() => expect(fake.drafts.get(first?.dataset.ticketId ?? '')).toBe('先写着'))
    expect(await byId('composer')).toHaveProperty('value', '先写着')
  })

  it('a doubtful reading is settled with one click, and that can be taken back', async () => {
    const { user } = openWindow({ at: '/inbox?view=low_confidence' })
    const before = (await rows()).length
    await user.click(await byId('assessment-confirm'))
    await waitFor(() => expect(screen.getAllByTestId('inbox-row')).toHaveLength(before - 1))
    await screen.findByText(/研判已确认/)
    await user.click(await byId('undo'))
    await waitFor(() => expect(screen.getAllByTestId('inbox-row')).toHaveLength(before))
  })

  it('says what another tier would mean, and by which rules a deadline was reckoned', async () => {
    const { user } = openWindow()
    await rows()
    await user.click(await screen.findByRole('button', { name: '首次答复：为什么是这个时间？' }))
    const other = await byId('what-if')
    expect(other.textContent).toMatch(/如果是 重要.* 前/)
    await screen.findByText(/承诺第 1 版，日历第 3 版/)
  })

  it('a ticket of a silent colleague can be taken back for everybody', async () => {
    const { user } = openWindow({ at: '/inbox?view=open' })
    await user.type(await byId('search'), '空调')
    await waitFor(() => expect(screen.getByTestId('assign').textContent).toContain('周凯'))
    await user.click(await byId('assign'))
    await user.click(await byId('take-back'))
    await waitFor(() => expect(screen.getByTestId('assign').textContent).toContain('未分派'))
  })

  it('a clock explains itself', async () => {
    const { user } = openWindow()
    await rows()
    await user.click(await screen.findByRole('button', { name: '首次答复：为什么是这个时间？' }))
    const why = await screen.findByRole('dialog', { name: '首次答复：为什么是这个时间？' })
    expect(within(why).getByText(/收到评价起算，全天候计时，共 2 小时/)).toBeTruthy()
    expect(within(why).getByText(/计时 · 工作时间/)).toBeTruthy()
  })

  it('shows the follow-up and earlier versions of a review', async () => {
    const { user } = openWindow({ at: '/inbox?view=open' })
    await user.type(await byId('search'), '空调')
    await waitFor(() => expect(screen.getAllByTestId('inbox-row')).toHaveLength(1))
    await user.click(await screen.findByText('看之前的 1 个版本'))
    await screen.findByText('空调滴水，等人来修。')
    await user.clear(screen.getByTestId('search'))
    await user.type(screen.getByTestId('search'), '牛肉面')
    await waitFor(() => expect(screen.getByTestId('append').textContent).toContain('还是没人联系我'))
  })
})

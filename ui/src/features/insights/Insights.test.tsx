import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { byId, openWindow } from '@/test/window'
import { growthMood, growthText } from './growth'

const now = () => Date.parse('2026-11-23T01:30:00Z')
const insights = () => openWindow({ at: '/insights', now })
const theme = async (label: string) => {
  await screen.findAllByTestId('theme')
  return screen.getAllByTestId('theme').find((row) => row.dataset.theme === label) as HTMLElement
}
const improvement = async (title: string) =>
  (await screen.findByText(title)).closest('[data-testid="improvement"]') as HTMLElement

describe('insights', () => {
  it('lists what grows, where it gathers, and whether it is more than chance', async () => {
    insights()
    const row = await theme('包装漏液')
    expect(row.textContent).toContain('新')
    expect(row.textContent).toContain('去屑洗发水 92%')
    expect(row.textContent).toContain('+850%')
    expect(within(row).getByRole('img').getAttribute('aria-label')).toContain('2、3、3、4、9、38')
    expect(screen.getByText(/「包装漏液」「送到已经凉了」的增长不是偶然/)).toBeTruthy()
    expect((await theme('尺码偏小')).textContent).toContain('持平')
    expect((await theme('客服不回消息')).textContent).toContain('−24%')
  })

  it('does not say that something grows where it may be chance', async () => {
    const { user, fake } = insights()
    await theme('包装漏液')
    expect(screen.getByRole('heading', { name: '正在变多的问题' })).toBeTruthy()
    const themes = fake.commands.reportThemes
    vi.spyOn(fake.commands, 'reportThemes').mockImplementation(async (query) => {
      const answer = await themes(query)
      if (answer.status === 'ok') for (const one of answer.data.themes) one.beyondChance = false
      return answer
    })
    await user.click(await byId('period-previous'))
    await screen.findByRole('heading', { name: '顾客反复说的问题' })
  })

  it('a theme opens to three quotes, as plain words', async () => {
    const { user } = insights()
    const row = await theme('包装漏液')
    await user.click(within(row).getByRole('button', { name: '包装漏液' }))
    const opened = row.nextElementSibling as HTMLElement
    expect(within(opened).getAllByRole('listitem')).toHaveLength(3)
    expect(opened.textContent).toContain('<b>客服让我自己拿胶带缠</b>')
    expect(opened.querySelector('b')).toBeNull()
  })

  it('a theme opens its tickets, and the way back leads here', async () => {
    const { user, fake } = insights()
    const asked = vi.spyOn(fake.commands, 'reportTickets')
    const link = within(await theme('送到已经凉了')).getByRole('link', { name: '送到已经凉了：打开 27 件工单' })
    await user.click(link)
    expect((await byId('set-title')).textContent).toContain('主题 · 送到已经凉了')
    expect(asked.mock.lastCall?.[0].key).toBe(link.dataset.opens)
    await user.click(screen.getByText('返回洞察'))
    await byId('insights')
  })

  it('steps to the week before', async () => {
    const { user } = insights()
    await user.click(await byId('period-previous'))
    await waitFor(() => expect(screen.getByTestId('insights').dataset.name).toBe('2026-W46'))
  })

  it('g then d goes there, and its heat map opens its fields', async () => {
    const { user } = openWindow({ at: '/today', now })
    await byId('duty')
    await user.keyboard('gd')
    const heat = await byId('section-products_causes')
    await user.click(within(heat).getByRole('link', { name: '去屑洗发水 · 包装：打开 38 件工单' }))
    expect((await byId('set-title')).textContent).toContain('去屑洗发水 · 包装 38 件')
  })
})

describe('improvements', () => {
  it('begin from a theme, with what is known of it', async () => {
    const { user, fake } = insights()
    const saved = vi.spyOn(fake.commands, 'improvementSave')
    const row = await theme('包装漏液')
    await user.click(within(row).getByRole('button', { name: '包装漏液' }))
    await user.click(await byId('theme-improve'))
    expect(await byId('improve-title')).toHaveProperty('value', '解决「包装漏液」')
    await user.click(screen.getByTestId('improve-save'))
    await screen.findByText('已保存「解决「包装漏液」」')
    expect(saved.mock.lastCall?.[0]).toMatchObject({
      id: null,
      title: '解决「包装漏液」',
      theme: '包装漏液',
      product: '去屑洗发水',
      shop: null,
      owner: 'p-lina',
      dueDay: '2026-12-07',
    })
    expect((await improvement('解决「包装漏液」')).dataset.state).toBe('running')
  })

  it('need to say what is done', async () => {
    const { user, fake } = insights()
    await user.click(await byId('improve-new'))
    await user.click(await byId('improve-save'))
    await screen.findByText('请写一句要做什么')
    expect(fake.calls).not.toContain('improvementSave')
  })

  it('are changed', async () => {
    const { user, fake } = insights()
    const saved = vi.spyOn(fake.commands, 'improvementSave')
    await user.click(await screen.findByText('更换 500ml 瓶盖内垫'))
    fireEvent.change(await byId('improve-title'), { target: { value: '更换瓶盖' } })
    await user.click(screen.getByTestId('improve-save'))
    await improvement('更换瓶盖')
    expect(saved.mock.lastCall?.[0]).toMatchObject({ title: '更换瓶盖', theme: '包装漏液', owner: 'p-zhou' })
  })

  it('say how late they are and what they changed', async () => {
    insights()
    expect((await improvement('仓库 24 小时内回复核实')).textContent).toContain('超期 2 天')
    const done = await improvement('大学城店配送改用保温箱')
    expect(done.textContent).toContain('已完成')
    expect(done.textContent).toContain('「凉了」27 → 11')
    expect(done.textContent).toContain('不是偶然')
  })

  it('are done with one click, and not done with another', async () => {
    const { user } = insights()
    await user.click(within(await improvement('更换 500ml 瓶盖内垫')).getByTestId('improve-menu'))
    await user.click(await byId('improve-done'))
    await waitFor(async () => expect((await improvement('更换 500ml 瓶盖内垫')).dataset.state).toBe('done'))
    await user.click(await byId('notice-undo'))
    await waitFor(async () => expect((await improvement('更换 500ml 瓶盖内垫')).dataset.state).toBe('running'))
  })

  it('are dropped with a reason only, and taken up again', async () => {
    const { user, fake } = insights()
    const stepped = vi.spyOn(fake.commands, 'improvementStep')
    await user.click(within(await improvement('更换 500ml 瓶盖内垫')).getByTestId('improve-menu'))
    await user.click(await byId('improve-drop'))
    expect(await byId('drop-go')).toHaveProperty('disabled', true)
    await user.type(screen.getByTestId('drop-why'), '换供应商了')
    await user.click(screen.getByTestId('drop-go'))
    await screen.findByText('原因：换供应商了')
    expect(stepped.mock.lastCall?.[1]).toEqual({ to: 'dropped', why: '换供应商了' })
    await user.click(within(await improvement('更换 500ml 瓶盖内垫')).getByTestId('improve-menu'))
    await user.click(await byId('improve-resume'))
    await waitFor(async () => expect((await improvement('更换 500ml 瓶盖内垫')).dataset.state).toBe('running'))
  })
})

describe('lessons', () => {
  it('half-written words stay when another screen is opened', async () => {
    const { user } = insights()
    fireEvent.change(await byId('lesson-body'), { target: { value: '批次没有抽检' } })
    await user.click(screen.getByTestId('nav-today'))
    await byId('duty')
    await user.click(screen.getByTestId('nav-insights'))
    expect(await byId('lesson-body')).toHaveProperty('value', '批次没有抽检')
    await user.click(screen.getByTestId('lesson-save'))
    expect((await byId('lesson')).textContent).toContain('批次没有抽检')
    expect(await byId('lesson-body')).toHaveProperty('value', '')
    expect(localStorage.length).toBe(0)
  })

  it('are written to a week and a theme', async () => {
    const { user, fake } = insights()
    const added = vi.spyOn(fake.commands, 'lessonAdd')
    const row = await theme('包装漏液')
    await user.click(within(row).getByRole('button', { name: '包装漏液' }))
    await user.click(await byId('theme-lesson'))
    const dialog = await screen.findByRole('dialog', { name: '「包装漏液」的复盘' })
    fireEvent.change(within(dialog).getByTestId('lesson-body'), { target: { value: '换盖要先试压' } })
    await user.click(within(dialog).getByTestId('lesson-save'))
    expect((await byId('lesson')).textContent).toContain('关于「包装漏液」')
    expect(added.mock.lastCall?.[0]).toEqual({ week: '2026-W47', theme: '包装漏液', body: '换盖要先试压' })
  })

  it('stand in the report too', async () => {
    openWindow({ at: '/report', now })
    expect((await byId('section-lessons')).textContent).toContain('第 47 周复盘')
  })
})

describe('how growth is said', () => {
  const t = ((key: string) => key) as never
  it('is loud only where it is more than chance', () => {
    expect(growthText(t, { growth: 8.5 })).toBe('+850%')
    expect(growthText(t, { growth: -0.24 })).toBe('−24%')
    expect(growthText(t, { growth: 0.04 })).toBe('theme.level')
    expect(growthText(t, { growth: null })).toBe('theme.fromNothing')
    expect(growthMood({ growth: 8.5, beyondChance: true })).toBe('bad')
    expect(growthMood({ growth: 0.35, beyondChance: true })).toBe('warn')
    expect(growthMood({ growth: 8.5, beyondChance: false })).toBe('plain')
    expect(growthMood({ growth: -0.24, beyondChance: true })).toBe('good')
  })
})

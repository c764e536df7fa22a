import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { byId, openWindow, rows } from '@/test/window'

describe('keys', () => {
  it('can be changed, and the new one works', async () => {
    const { user, router } = openWindow({ at: '/settings/keys' })
    await user.click(await byId('key-today'))
    await user.keyboard('gz')
    await waitFor(() => expect(screen.getByTestId('key-today').textContent).toBe('g z'))
    await router.navigate({ to: '/inbox', search: { view: 'mine' } })
    await rows()
    await user.keyboard('gz')
    await screen.findByText('最快到期的')
  })

  it('one that is taken is refused with what it does', async () => {
    const { user } = openWindow({ at: '/settings/keys' })
    await user.click(await byId('key-reply'))
    await user.keyboard('j')
    await screen.findByText('j 已用于「下一张」')
    expect(screen.getByTestId('key-reply').textContent).toBe('r')
  })

  it('Escape leaves it, and the defaults come back with one click', async () => {
    const { user } = openWindow({ at: '/settings/keys' })
    await user.click(await byId('key-note'))
    await user.keyboard('{Escape}')
    expect(screen.getByTestId('key-note').textContent).toBe('n')
    await user.click(await byId('key-note'))
    await user.keyboard('m')
    await waitFor(() => expect(screen.getByTestId('key-note').textContent).toBe('m'))
    await user.click(await byId('keys-defaults'))
    await waitFor(() => expect(screen.getByTestId('key-note').textContent).toBe('n'))
  })
})

import { afterEach, describe, expect, it, vi } from 'vitest'
import { copyText } from './clipboard'

afterEach(() => vi.useRealTimers())

describe('copying', () => {
  it('falls back to the selection when the desktop refuses', async () => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))
    let selected = ''
    document.execCommand = () => {
      selected =
        (document.activeElement as HTMLTextAreaElement | null)?.value ?? document.querySelector('textarea')?.value ?? ''
      return true
    }
    expect(await copyText('您好')).toBe(true)
    expect(selected).toBe('您好')
    expect(document.querySelector('textarea')).toBeNull()
  })

  it('does not wait for ever for a desktop that never answers', async () => {
    vi.useFakeTimers()
    navigator.clipboard.writeText = () => new Promise(() => {})
    document.execCommand = () => true
    const copied = copyText('您好')
    await vi.advanceTimersByTimeAsync(800)
    expect(await copied).toBe(true)
  })

  it('says so when neither way works', async () => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))
    document.execCommand = () => false
    expect(await copyText('您好')).toBe(false)
  })
})

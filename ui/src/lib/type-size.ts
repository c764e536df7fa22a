import { createStore } from './store'

export type TypeSize = 'normal' | 'large' | 'larger'
export const TYPE_SIZES: TypeSize[] = ['normal', 'large', 'larger']

const KEY = 'amends-type-size'
const store = createStore<TypeSize>('normal')

/** The size of type is a matter of this screen, so it stays in the window and not in the workspace. */
export function readTypeSize(): TypeSize {
  const kept = localStorage.getItem(KEY)
  return TYPE_SIZES.find((size) => size === kept) ?? 'normal'
}

export function useTypeSize() {
  return [store.use(), useTypeSize.apply] as const
}

useTypeSize.apply = (size: TypeSize) => {
  localStorage.setItem(KEY, size)
  if (size === 'normal') document.documentElement.removeAttribute('data-type-size')
  else document.documentElement.setAttribute('data-type-size', size)
  store.set(size)
}

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import en from './en.json'
import zhCN from './zh-CN.json'
import zhTW from './zh-TW.json'

type Tree = { [key: string]: string | Tree }

function flat(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const here = path ? `${path}.${key}` : key
    return typeof value === 'string' ? [[here, value] as [string, string]] : flat(value, here)
  })
}

// English counts have two forms, Chinese one.
const keys = (tree: Tree) => [...new Set(flat(tree).map(([key]) => key.replace(/_(one|other)$/, '')))].sort()

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sources(path)
    return /\.tsx?$/.test(entry.name) && !/\.test\.|fake/.test(entry.name) ? [path] : []
  })
}

const SRC = join(import.meta.dirname, '..')

describe('the catalogues', () => {
  it('say the same things in every language', () => {
    expect(keys(zhTW)).toEqual(keys(zhCN))
    expect(keys(en)).toEqual(keys(zhCN))
  })

  it('take the same values in every language', () => {
    const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort()
    const chinese = new Map(flat(zhCN))
    for (const [key, text] of [...flat(zhTW), ...flat(en)]) {
      const own = chinese.get(key) ?? chinese.get(key.replace(/_(one|other)$/, '')) ?? ''
      for (const hole of holes(text)) expect(holes(own), `${key} has no {{${hole}}}`).toContain(hole)
    }
  })

  it('have every sentence that the window asks for by name', () => {
    const known = new Set(keys(zhCN))
    const asked = sources(SRC).flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\bt\(\s*\[?\s*'([\w.-]+)'/g)].map((match) => match[1] ?? ''),
    )
    expect(asked.length).toBeGreaterThan(200)
    expect(asked.filter((key) => !known.has(key))).toEqual([])
  })

  it('leave no Chinese in the English window and no empty sentence anywhere', () => {
    const names = /^(locale|app)\./
    expect(flat(en).filter(([key, text]) => !names.test(key) && /[一-鿿]/.test(text))).toEqual([])
    for (const tree of [zhCN, zhTW, en]) expect(flat(tree).filter(([, text]) => text.trim() === '')).toEqual([])
  })

  it('hold all Chinese of the window: none is written into a component', () => {
    const written = sources(SRC)
      .filter((file) => !file.endsWith('Rail.tsx') && !file.endsWith('Welcome.tsx'))
      .flatMap((file) =>
        readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) =>
            /[一-鿿]/.test(
              line
                .replace(/\/\/.*$/, '')
                .replace(/^\s*\/?\*.*$/, '')
                .replace(/\/\*.*?\*\//g, ''),
            ),
          )
          .map((line) => `${file}: ${line.trim()}`),
      )
    expect(written).toEqual([])
  })
})

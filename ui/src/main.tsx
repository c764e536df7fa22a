import '@mantine/core/styles.css'
import '@mantine/dates/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './styles/tokens.css'
import './styles/global.css'
import './styles/print.css'
import { createRoot } from 'react-dom/client'
import { App } from './App'
import { setPlatform } from './ipc/platform'
import { readTypeSize, useTypeSize } from './lib/type-size'

async function start() {
  if (import.meta.env.MODE === 'production') {
    setPlatform((await import('./ipc/tauri')).tauri)
  } else if ('__TAURI_INTERNALS__' in window) {
    setPlatform((await import('./ipc/tauri')).tauri)
  } else {
    const { createFake } = await import('./ipc/fake')
    const asked = new URLSearchParams(location.search)
    setPlatform(
      createFake({
        delay: 60,
        furnished: !asked.has('fresh'),
        bulk: Number(asked.get('bulk') ?? 0),
        long: asked.has('long'),
      }),
    )
  }
  useTypeSize.apply(readTypeSize())
  const root = document.getElementById('root')
  if (root) createRoot(root).render(<App />)
}

void start()

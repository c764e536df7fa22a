import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight, spotlight } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TierBadge } from '@/components/tier'
import { alertCentre } from '@/features/alerts/AlertCentre'
import { VIEWS } from '@/features/inbox/views'
import { personDialog } from '@/features/people/PersonDialog'
import { SECTIONS, type Section } from '@/features/settings/sections'
import { unwrap } from '@/ipc/errors'
import { core } from '@/ipc/platform'
import { keys } from '@/ipc/tags'
import { keyList } from './KeyList'

interface Command {
  name: string
  label: string
  run: () => void
}

/** Ctrl/Cmd+K: tickets by any words, screens and settings by name or pinyin initials (`py.<name>` in the catalogue). */
export function Palette() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [query, setQuery] = useState('')
  const [words] = useDebouncedValue(query.trim(), 120)

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.isComposing && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        spotlight.toggle()
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  const found = useQuery({
    queryKey: [...keys.inbox, 'palette', words],
    queryFn: () =>
      unwrap(
        core().inboxPage({
          view: 'all',
          search: words,
          tiers: [],
          causes: [],
          channels: [],
          statuses: [],
          cursor: null,
          limit: 8,
        }),
      ),
    enabled: words.length >= 2,
  })

  const section = (name: Section): Command => ({
    name: `settings_${name}`,
    label: t('palette.settings', { section: t(`settings.section.${name}`) }),
    run: () => void navigate({ to: `/settings/${name}` }),
  })
  const commands: Command[] = [
    { name: 'inbox', label: t('nav.inbox'), run: () => void navigate({ to: '/inbox', search: { view: 'mine' } }) },
    ...VIEWS.slice(1).map((view) => ({
      name: `view_${view}`,
      label: t('palette.view', { view: t(`view.${view}`) }),
      run: () => void navigate({ to: '/inbox', search: { view } }),
    })),
    { name: 'today', label: t('nav.today'), run: () => void navigate({ to: '/today' }) },
    { name: 'report', label: t('palette.report'), run: () => void navigate({ to: '/report' }) },
    { name: 'insights', label: t('nav.insights'), run: () => void navigate({ to: '/insights' }) },
    { name: 'reviews', label: t('nav.reviews'), run: () => void navigate({ to: '/reviews' }) },
    { name: 'sources', label: t('palette.import'), run: () => void navigate({ to: '/sources' }) },
    { name: 'alerts', label: t('alerts.title'), run: () => alertCentre.set(true) },
    { name: 'person', label: t('people.who'), run: () => personDialog.set({ open: true }) },
    { name: 'keys', label: t('keys.title'), run: () => keyList.set(true) },
    ...SECTIONS.map(section),
  ]
  const typed = query.trim().toLowerCase()
  const matches = commands.filter(
    ({ name, label }) =>
      typed === '' ||
      label.toLowerCase().includes(typed) ||
      t(`py.${name}`)
        .split(' ')
        .some((py) => py.startsWith(typed)),
  )
  const rows = words.length >= 2 ? (found.data?.rows ?? []) : []

  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      onSpotlightClose={() => setQuery('')}
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
      yOffset="14vh"
      centered={false}
      attributes={{ content: { 'aria-label': t('palette.placeholder') } }}
    >
      <Spotlight.Search
        placeholder={t('palette.placeholder')}
        aria-label={t('palette.placeholder')}
        leftSection={<IconSearch size={18} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {rows.length > 0 && (
          <Spotlight.ActionsGroup label={t('palette.tickets')}>
            {rows.map((row) => (
              <Spotlight.Action
                key={row.id}
                onClick={() => void navigate({ to: '/inbox', search: { view: 'all', ticket: row.id } })}
                leftSection={<TierBadge tier={row.tier} />}
                label={`${row.number} ${row.excerpt || t('review.noText')}`}
                description={[t(`channel.${row.channel}`), row.shop, row.product].filter(Boolean).join(' · ')}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {matches.length > 0 && (
          <Spotlight.ActionsGroup label={t('palette.go')}>
            {matches.map(({ name, label, run }) => (
              <Spotlight.Action key={name} label={label} onClick={run} />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {rows.length === 0 && matches.length === 0 && <Spotlight.Empty>{t('palette.nothing')}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

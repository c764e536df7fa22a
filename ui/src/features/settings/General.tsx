import { SegmentedControl, Select, Switch, useMantineColorScheme } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { notice, noticeError } from '@/components/notice'
import { LOCALES } from '@/i18n'
import type { Industry, Locale, WorkspaceUpdate } from '@/ipc/bindings'
import { TYPE_SIZES, type TypeSize, useTypeSize } from '@/lib/type-size'
import { INDUSTRIES } from '../words'
import { useUpdateWorkspace, useWorkspace } from '../workspace'
import { Card, Field, Section } from './Section'

/** 通用: language, look, trade and which reviews become tickets. */
export function General() {
  const { t } = useTranslation()
  const { locale, industry, openNeutral } = useWorkspace()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [size, setSize] = useTypeSize()
  const update = useUpdateWorkspace()
  const change = (to: WorkspaceUpdate) =>
    update.mutate(to, { onError: noticeError, onSuccess: () => notice(t('settings.saved')) })
  return (
    <Section name="general">
      <Card>
        <Field label={t('settings.language')}>
          {(id) => (
            <Select
              w={220}
              aria-labelledby={id}
              data={LOCALES.map((one) => ({ value: one, label: t(`locale.${one}`) }))}
              value={locale}
              allowDeselect={false}
              onChange={(value) => value && change({ locale: value as Locale })}
            />
          )}
        </Field>
        <Field label={t('settings.look')}>
          {(id) => (
            <SegmentedControl
              aria-labelledby={id}
              value={colorScheme}
              onChange={(value) => setColorScheme(value as 'auto' | 'light' | 'dark')}
              data={(['auto', 'light', 'dark'] as const).map((one) => ({
                value: one,
                label: t(`settings.scheme.${one}`),
              }))}
            />
          )}
        </Field>
        <Field label={t('settings.typeSize')}>
          {(id) => (
            <SegmentedControl
              aria-labelledby={id}
              value={size}
              onChange={(value) => setSize(value as TypeSize)}
              data={TYPE_SIZES.map((one) => ({ value: one, label: t(`settings.size.${one}`) }))}
            />
          )}
        </Field>
      </Card>
      <Card>
        <Field label={t('settings.trade')} hint={t('settings.tradeHint')}>
          {(id) => (
            <Select
              w={220}
              aria-labelledby={id}
              data={INDUSTRIES.map((one) => ({ value: one, label: t(`industry.${one}`) }))}
              value={industry}
              allowDeselect={false}
              onChange={(value) => value && change({ industry: value as Industry })}
            />
          )}
        </Field>
        <Field label={t('settings.neutral')} hint={t('settings.neutralHint')}>
          {(id) => (
            <Switch
              aria-labelledby={id}
              checked={openNeutral}
              data-testid="open-neutral"
              onChange={(event) => change({ openNeutral: event.currentTarget.checked })}
            />
          )}
        </Field>
      </Card>
    </Section>
  )
}

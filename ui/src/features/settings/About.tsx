import { useTranslation } from 'react-i18next'
import page from '@/components/page.module.css'
import { useWorkspace } from '../workspace'
import { Card, Section } from './Section'
import css from './Settings.module.css'

export function About() {
  const { t } = useTranslation()
  const { version, modelVersion } = useWorkspace()
  return (
    <Section name="about">
      <Card>
        <div className={css.about}>
          <p>{t('about.what')}</p>
          <p>{t('about.local')}</p>
          <p className={page.quiet}>{t('about.version', { version, model: modelVersion })}</p>
        </div>
      </Card>
    </Section>
  )
}

import { Failure, Waiting } from '@/components/states'
import { useTranslation } from 'react-i18next'
import { Section } from '../settings/Section'
import { Keywords } from './Keywords'
import { Learning } from './Learning'
import { useReading } from './queries'

/** 研判与关键词: words to be told of, and what corrections have taught. */
export function ReadingSettings() {
  const { t } = useTranslation()
  const reading = useReading()
  return (
    <Section name="reading" hint={t('reading.hint')}>
      {reading.error ? (
        <Failure error={reading.error} retry={() => void reading.refetch()} />
      ) : !reading.data ? (
        <Waiting />
      ) : (
        <>
          <Keywords keywords={reading.data.keywords} />
          <Learning reading={reading.data} />
        </>
      )}
    </Section>
  )
}

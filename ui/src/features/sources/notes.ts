import { useTranslation } from 'react-i18next'

interface Note {
  code: string
  text: string
  row?: number | null
  count?: number
}

/** A remark about a file or a row. The core words it in zh-CN with its details; other languages have the catalogue. */
export function useImportNote() {
  const { t, i18n } = useTranslation()
  return (note: Note, kind: 'warning' | 'reject' = 'warning') =>
    i18n.language === 'zh-CN'
      ? note.text
      : t([`import.${kind}.${note.code}`, `import.${kind}.other`], { count: note.count ?? 1, row: note.row })
}

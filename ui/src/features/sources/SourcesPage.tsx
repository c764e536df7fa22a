import { ImportPreview } from './ImportPreview'
import { ImportRun } from './ImportRun'
import { importJob, pickedFile } from './import-store'
import { SourcesHome } from './SourcesHome'

/** 来源: one file's way in (choose → look → import → result), and what came in before. */
export function SourcesPage() {
  const file = pickedFile.use()
  const job = importJob.use()
  if (file) return <ImportPreview key={file.token} file={file} />
  if (job) return <ImportRun job={job} />
  return <SourcesHome />
}

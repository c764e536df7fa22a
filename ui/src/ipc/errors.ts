import type { AppError, ErrorCode } from './bindings'

/** An `AppError` of the core as something that can be thrown: what happened, what was kept, what to do. */
export class CoreError extends Error {
  readonly code: ErrorCode
  readonly detail: string | null

  constructor(error: AppError) {
    super(error.message)
    this.name = 'CoreError'
    this.code = error.code
    this.detail = error.detail
  }
}

type Answer<T> = { status: 'ok'; data: T } | { status: 'error'; error: AppError }

/** Gives the data of a command or throws its error. */
export async function unwrap<T>(answer: Promise<Answer<T>>): Promise<T> {
  const result = await answer
  if (result.status === 'error') throw new CoreError(result.error)
  return result.data
}

/** A promise that is waited for no longer than a signal allows: what it stands for goes on. Rejects with the signal's reason. */
export function withSignal(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const end = (): void => reject(signal.reason as Error) // whatever its owner gave
    if (signal.aborted) return end()
    signal.addEventListener('abort', end, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', end))
  })
}

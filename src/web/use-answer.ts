/**
 * An answer of the node as a component needs it: asked for when the component is drawn, again whenever its key changes,
 * and again when the node is back. What was answered before stays until the new answer is there; where the subject is
 * another, the component is given a `key` and starts anew.
 */
import { useEffect, useState } from 'preact/hooks'
import type { Client } from '../http/client.ts'
import { messageOf } from './actions.ts'
import { usePage } from './page.ts'

export interface Answer<T> {
  value: T | undefined
  /** Why there is none, in the node's words. */
  failure: string | undefined
}

/**
 * @param key what the answer depends on, as text
 * @param ask what to ask of the node
 */
export function useAnswer<T>(key: string, ask: (client: Client, signal: AbortSignal) => Promise<T>): Answer<T> {
  const { state, actions } = usePage()
  const [answer, setAnswer] = useState<Answer<T>>({ value: undefined, failure: undefined })
  const live = state.connection.value === 'live'
  useEffect(() => {
    if (!live) return
    const asking = new AbortController()
    const read = async (): Promise<Answer<T>> => {
      try {
        return { value: await actions.read((client) => ask(client, asking.signal)), failure: undefined }
      } catch (error) {
        return { value: undefined, failure: messageOf(error) }
      }
    }
    const show = async (): Promise<void> => {
      const answered = await read()
      // Where the node went away meanwhile, its last word stays.
      if (!asking.signal.aborted) setAnswer(answered)
    }
    void show()
    return () => asking.abort()
  }, [key, live])
  return answer
}

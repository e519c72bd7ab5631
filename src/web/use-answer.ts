/**
 * An answer of the node as a component needs it: asked for when the component is drawn, again whenever its key changes,
 * and again when the node is back. What was answered before stays until the new answer is there; where the subject is
 * another, the component is given a `key` and starts anew.
 *
 * One question at a time: while one has no answer yet, further changes wait and are one question more. So an answer is
 * shown however fast the key changes, and a slow node is not asked faster than it answers.
 *
 * A question that came to nothing, though the node is there, is asked again a little later, until it has an answer.
 */
import { useEffect, useRef, useState } from 'preact/hooks'
import { ApiFailure, type Client } from '../http/client.ts'
import { messageOf } from './actions.ts'
import { usePage } from './page.ts'

/** Until a question that came to nothing is asked again. */
const RETRY_MS = 2_000

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
  const newest = useRef(ask)
  newest.current = ask
  const askAgain = useRef(() => {})
  useEffect(() => {
    if (!live) return
    const asking = new AbortController()
    let [isAsking, isDue] = [false, false]
    let retry: ReturnType<typeof setTimeout> | undefined
    const read = async (): Promise<Answer<T>> => {
      clearTimeout(retry)
      try {
        return { value: await actions.read((client) => newest.current(client, asking.signal)), failure: undefined }
      } catch (error) {
        const mayPass = error instanceof ApiFailure && error.mayPass && !asking.signal.aborted
        if (mayPass) retry = setTimeout(() => askAgain.current(), RETRY_MS)
        return { value: undefined, failure: messageOf(error) }
      }
    }
    const show = async (): Promise<void> => {
      isAsking = true
      while (isDue) {
        isDue = false
        const answered = await read()
        // Where the node went away meanwhile, its last word stays.
        if (asking.signal.aborted) return
        setAnswer(answered)
      }
      isAsking = false
    }
    askAgain.current = () => {
      isDue = true
      if (!isAsking) void show()
    }
    return () => {
      asking.abort()
      clearTimeout(retry)
    }
  }, [live])
  useEffect(() => { if (live) askAgain.current() }, [key, live])
  return answer
}

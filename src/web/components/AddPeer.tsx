/** Connects to a peer by its address, where no multicast finds it. */
import { useSignal } from '@preact/signals'
import type { TargetedSubmitEvent } from 'preact'
import { messageOf } from '../actions.ts'
import { usePage } from '../page.ts'
import { text } from '../strings.ts'
import { Field } from './Field.tsx'
import { Says } from './Says.tsx'

const words = text.network

export function AddPeer() {
  const { state, actions } = usePage()
  const typed = useSignal('')
  const dialling = useSignal(false)
  const result = useSignal<{ says: string; failed: boolean } | null>(null)
  const address = typed.value.trim()
  // What else can be wrong with it the node says.
  const problem = address !== '' && !/^\/(ip[46]|dns[46]?)(\/|$)/.test(address) && !'/dns4/'.startsWith(address) && !'/ip4/'.startsWith(address)
    ? words.addressWrong
    : undefined
  const connect = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    if (address === '' || problem !== undefined || dialling.value) return
    dialling.value = true
    result.value = null
    try {
      const { name, peerId } = await actions.dial(address)
      result.value = { says: words.connected(name ?? peerId.slice(-8)), failed: false }
      typed.value = ''
    } catch (error) {
      result.value = { says: messageOf(error), failed: true }
    } finally {
      dialling.value = false
    }
  }
  return (
    <section>
      <h3>{words.add}</h3>
      {state.mayAct.value
        ? (
          <form onSubmit={(event) => void connect(event)} noValidate aria-label={words.add}>
            <Field label={words.address} value={typed} problem={problem} placeholder={words.addressHint} code />
            <button
              type="submit"
              disabled={address === '' || problem !== undefined || dialling.value || state.connection.value !== 'live'}
            >
              {dialling.value ? words.connecting : words.connect}
            </button>
            <p role="status" class={result.value?.failed ? 'result failed' : 'result'}>{result.value?.says}</p>
          </form>
        )
        : <p class="empty"><Says text={words.needsToken} /></p>}
    </section>
  )
}

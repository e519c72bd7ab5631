/** Why there are no peers, as `cairn doctor` finds it, and what to do. */
import { useSignal } from '@preact/signals'
import { text } from '../strings.ts'
import { useAnswer } from '../use-answer.ts'

const words = text.network

export function Advice() {
  const looks = useSignal(1)
  const { value, failure } = useAnswer(`look ${looks.value}`, async (client, signal) => ({
    look: looks.value, diagnosis: await client.diagnosis({ signal }),
  }))
  const looking = failure === undefined && value?.look !== looks.value
  return (
    <section class="advice">
      <h3>{words.alone}</h3>
      {failure !== undefined && <p class="failed">{text.views.failed(failure)}</p>}
      <p role="status" class="quiet">{looking ? words.looking : value === undefined ? '' : words.found}</p>
      {!looking && value !== undefined && (
        <>
          <ol lang="en">
            {value.diagnosis.advice.map(({ code, message, todo }) => (
              <li key={code}>
                <p>{message}</p>
                <ul>{todo.map((line) => <li key={line}>{/^cairn |^npx /.test(line) ? <code>{line}</code> : line}</li>)}</ul>
              </li>
            ))}
          </ol>
          <button type="button" class="soft" onClick={() => { looks.value += 1 }}>{words.again}</button>
        </>
      )}
    </section>
  )
}

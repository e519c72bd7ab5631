/** Which rule the block as it is typed breaks, and all the rules in the order in which a node asks them. */
import { nextBits } from '../../consensus/difficulty.ts'
import { RULES } from '../../consensus/errors.ts'
import type { NetworkParameters } from '../../http/api.ts'
import { ancestorsOf } from '../ancestors.ts'
import type { Draft } from '../draft.ts'
import { ASKED_RULES, type AskedRule, type Evidence, findingsOf } from '../draft-rules.ts'
import { count, exactTime, shortHash, span } from '../format.ts'
import { usePage } from '../page.ts'
import { text } from '../strings.ts'
import { useAnswer } from '../use-answer.ts'
import { HandIn } from './HandIn.tsx'
import { Says } from './Says.tsx'

const words = text.trying

interface VerdictProps {
  draft: Draft
  /** Whether it is the next block, which may be handed in, and not one of the chain. */
  isNext: boolean
  searching: boolean
  /** Takes the next block as it is by now. */
  onRenew: () => void
}

export function Verdict({ draft, isNext, searching, onRenew }: VerdictProps) {
  const { state } = usePage()
  const header = draft.header.value
  const parentHash = header?.parent ?? ''
  const { value: known } = useAnswer(parentHash, async (client, signal) =>
    ({ hash: parentHash, parent: parentHash === '' ? 'unknown' as const : await ancestorsOf(parentHash, state.view.value, client, signal) }))
  const params = state.network.value?.parameters
  if (params === undefined) return null
  const evidence: Evidence = {
    header, hash: draft.hash.value, body: draft.body.value, root: draft.root.value, isForged: draft.forged.value.length > 0,
    parent: known?.hash === parentHash ? known.parent : 'asking', params, now: state.now.value,
  }
  const { broken, unasked } = findingsOf(evidence)
  const [first] = broken
  return (
    <section class="verdict">
      <h4>{words.rules}</h4>
      <p role="status" class={first === undefined ? 'says holds' : 'says failed'}>
        <Says text={headline(first, unasked.size > 0, isNext || draft.hash.value !== draft.original.hash)} />
        {broken.length > 1 && <small> {words.verdict.more(broken.length - 1)}</small>}
      </p>
      {isNext && <HandIn draft={draft} isGood={first === undefined && unasked.size === 0} searching={searching} onRenew={onRenew} />}
      <ol class="checks">
        {ASKED_RULES.map((code) => (
          <li key={code} class={broken.includes(code) ? (code === first ? 'failed first' : 'failed') : unasked.has(code) ? 'unasked' : 'holds'}>
            {words.asks[code]} <code>{code}</code>
            {broken.includes(code) && <p>{reasonOf(code, evidence, params)}</p>}
          </li>
        ))}
        <li class="unasked">{words.ledger}</li>
      </ol>
    </section>
  )
}

function headline(first: AskedRule | undefined, isAsking: boolean, isNew: boolean): string {
  if (first !== undefined) return RULES[first].fault === 'nobody' ? words.verdict.early(first) : words.verdict.bad(first)
  if (isAsking) return words.verdict.asking
  return isNew ? words.verdict.good : words.verdict.kept
}

/** What is wrong, and what would be right. */
function reasonOf(code: AskedRule, { header, root, parent, now }: Evidence, params: NetworkParameters): string {
  const parts = typeof parent === 'string' ? undefined : parent
  switch (code) {
    case 'block-target-above-limit': return words.fails[code](hexOf(params.limitBits))
    case 'block-bad-body-root': return words.fails[code](shortHash(root ?? ''))
    case 'block-bad-height': return words.fails[code](count(parts?.height ?? 0))
    case 'block-time-too-old': return words.fails[code](exactTime(parts?.timestamp ?? 0))
    case 'block-bad-bits': return words.fails[code](parts === undefined ? '' : hexOf(nextBits(parts, params)))
    case 'block-too-early': {
      const { value, unit } = span((header?.timestamp ?? now) - now)
      return words.fails[code](`${value} ${unit}`)
    }
    default: return words.fails[code]
  }
}

const hexOf = (bits: number): string => bits.toString(16).padStart(8, '0')

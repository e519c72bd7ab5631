/** One block in the hands of whoever reads: its hash as it is typed, the search for a nonce, the rules, handing it in. */
import { useSignal, useSignalEffect } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { targetOf, workOf } from '../../consensus/target.ts'
import { createDraft, type Draft } from '../draft.ts'
import { hashes, splitHash } from '../format.ts'
import { NonceHunt } from '../nonce-hunt.ts'
import { usePage } from '../page.ts'
import { text } from '../strings.ts'
import { Against } from './Against.tsx'
import { BodyFields } from './BodyFields.tsx'
import { Hash } from './Hash.tsx'
import { HeaderBytes } from './HeaderBytes.tsx'
import { HeaderForm } from './HeaderForm.tsx'
import { Hunt } from './Hunt.tsx'
import { Verdict } from './Verdict.tsx'

const words = text.trying
/** A block that nobody has touched makes way for the next one, but not for each where they come by the dozen. */
const RENEW_AFTER_MS = 500

interface LessonProps {
  encoded: Uint8Array
  /** Whether it is the next block, and not one of the chain. */
  isNext: boolean
  /** Takes the next block as it is by now. */
  onRenew: () => void
}

export function Lesson({ encoded, isNext, onRenew }: LessonProps) {
  const { state } = usePage()
  const { draft, hunt } = useMemo(() => {
    const draft = createDraft(encoded)
    return { draft, hunt: new NonceHunt(draft) }
  }, [encoded])
  const { header } = draft.original
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => () => hunt.stop(), [hunt])
  // Who comes by a link to this block has come for it.
  useEffect(() => { if (!isNext) place.current?.closest('section')?.scrollIntoView() }, [])
  /** Another block came, and this one is kept because somebody works on it. */
  const isOver = useSignal(false)
  const renewal = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(renewal.current), [])
  const isInUse = (): boolean =>
    isTouched(draft) || hunt.tally.value.tries > 0 || place.current?.contains(document.activeElement) === true
  useSignalEffect(() => {
    if (!isNext || state.tip.value === undefined || state.tip.value.hash === header.parent) return
    hunt.stop()
    renewal.current ??= setTimeout(() => {
      if (isInUse()) isOver.value = true
      else onRenew()
    }, RENEW_AFTER_MS)
  })

  if (header.height === 0) return <p class="empty">{words.genesis}</p>
  const tip = state.tip.value
  const isMined = state.view.value.best.some(({ hash }) => hash === draft.hash.value)
  return (
    <div class="lesson" ref={place}>
      <p class="quiet">{isNext ? words.isNext(header.height) : words.isOld(header.height)}</p>
      {isOver.value && tip !== undefined && !isMined && (
        <p class="stale" role="status">
          {words.stale(tip.height)} <button type="button" class="plain accent" onClick={onRenew}>{words.renew}</button>
        </p>
      )}
      <Now draft={draft} />
      <Hunt draft={draft} hunt={hunt} />
      <div class="lesson-parts">
        <div>
          <HeaderForm draft={draft} disabled={hunt.searching.value} />
          <HeaderBytes draft={draft} />
          <BodyFields draft={draft} disabled={hunt.searching.value} />
          {isTouched(draft) && (
            <p><button type="button" class="soft" disabled={hunt.searching.value} onClick={() => draft.reset()}>{words.reset}</button></p>
          )}
        </div>
        <Verdict draft={draft} isNext={isNext} searching={hunt.searching.value} onRenew={onRenew} />
      </div>
    </div>
  )
}

const isTouched = (draft: Draft): boolean =>
  draft.changed.value.size > 0 || draft.root.value !== draft.original.header.bodyRoot || draft.forged.value.length > 0

/** The hash of now above its target, and the one that the block had. */
function Now({ draft }: { draft: Draft }) {
  const [hash, header] = [draft.hash.value, draft.header.value]
  const target = header && targetOf(Number.parseInt(header.bits, 16))
  if (hash === undefined || target === undefined) {
    return <p class="failed">{hash === undefined ? words.noHash : words.noTarget}</p>
  }
  const digits = target.toString(16).padStart(64, '0')
  const expected = hashes(Number(workOf(target)))
  const before = draft.original.hash
  return (
    <Against
      hash={hash} target={digits}
      says={hash <= digits ? <b>{words.small}</b>
        : words.large(splitHash(hash).zeros.length, `${expected.value} ${expected.unit}`)}
    >
      {hash !== before && <p class="quiet"><b>{words.before}</b> <Hash hash={before} whole /></p>}
    </Against>
  )
}

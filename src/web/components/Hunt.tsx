/** The search for a nonce: buttons, what was seen so far, and the drawing of it. */
import { targetOf, workOf } from '../../consensus/target.ts'
import type { Draft } from '../draft.ts'
import { hashes, significant } from '../format.ts'
import type { HuntEnd, NonceHunt } from '../nonce-hunt.ts'
import { text } from '../strings.ts'
import { Hash } from './Hash.tsx'
import { ZerosChart } from './ZerosChart.tsx'

const words = text.trying

export function Hunt({ draft, hunt }: { draft: Draft; hunt: NonceHunt }) {
  const header = draft.header.value
  const target = header && targetOf(Number.parseInt(header.bits, 16))
  const searching = hunt.searching.value
  const search = (nonces: number): void => void hunt.search(nonces)
  const disabled = searching || target === undefined
  const end = hunt.end.value
  return (
    <div class="hunt">
      <p class="buttons">
        <button type="button" disabled={disabled} onClick={() => search(1)}>{words.nextNonce}</button>
        {[1_000, 100_000].map((nonces) => (
          <button key={nonces} type="button" class="soft" disabled={disabled} onClick={() => search(nonces)}>{words.try(nonces)}</button>
        ))}
        {searching
          ? <button type="button" class="soft" onClick={() => hunt.stop()}>{words.stop}</button>
          : <button type="button" class="soft" disabled={disabled} onClick={() => search(Infinity)}>{words.untilFound}</button>}
      </p>
      <p class="result" role="status">{searching || end === null ? '' : saying(end)}</p>
      {target !== undefined && (
        <>
          <ZerosChart target={target.toString(16).padStart(64, '0')} hash={draft.hash.value} tally={hunt.tally.value} />
          <Seen hunt={hunt} expected={Number(workOf(target))} />
        </>
      )}
    </div>
  )
}

/** @param expected hashes that a block takes on average */
function Seen({ hunt, expected }: { hunt: NonceHunt; expected: number }) {
  const { tries, best } = hunt.tally.value
  const { value, unit } = hashes(expected)
  const takes = `${value} ${unit}`
  if (best === undefined) return <p class="quiet">{words.expected(takes)}</p>
  // 1 − (1 − 1 / expected)^tries, exact also where that is tiny.
  const percent = -100 * Math.expm1(tries * Math.log1p(-1 / expected))
  return (
    <p class="quiet seen">
      <span>{words.tries(tries)}</span>{' '}
      <span>{words.best} <Hash hash={best.hash} /> <span>({words.atNonce(best.nonce)})</span></span>{' '}
      <span>{words.chance(percent < 0.01 ? `< ${significant(0.01)}` : percent > 99.9 ? `> ${significant(99.9)}` : significant(Number(percent.toPrecision(3))), takes)}</span>
    </p>
  )
}

function saying(end: HuntEnd): string {
  switch (end.outcome) {
    case 'found': return words.found(end.nonce, end.tries)
    case 'not-found': return words.notFound(end.tries)
    case 'stopped': return words.stopped
  }
}

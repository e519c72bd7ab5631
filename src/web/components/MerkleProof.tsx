/** The Merkle path of a transaction, drawn, and whether it holds, worked out here. */
import { useMemo } from 'preact/hooks'
import type { Proof } from '../../http/api.ts'
import { splitHash } from '../format.ts'
import { layoutPath, type Rung, RUNG_GAP } from '../merkle-layout.ts'
import { merklePath } from '../merkle-path.ts'
import { text } from '../strings.ts'
import { useAnswer } from '../use-answer.ts'
import { Says } from './Says.tsx'

const words = text.transaction
/** Of the drawing, px, and how far beside the way its pairs lie. */
const WIDTH = 380
const ASIDE = 104
const CENTRE = WIDTH / 2

export function MerkleProof({ id }: { id: string }) {
  const { value: proof, failure } = useAnswer(id, (client, signal) => client.proof(id, { headers: 0, signal }))
  return (
    <section class="proof">
      <h3>{words.path}</h3>
      {failure !== undefined && <p class="failed">{text.views.failed(failure)}</p>}
      {proof !== undefined && <Drawn proof={proof} />}
    </section>
  )
}

function Drawn({ proof }: { proof: Proof }) {
  const path = useMemo(() => merklePath(proof), [proof])
  const { rungs, height } = layoutPath(proof.transaction.id, path.steps)
  const checks = ['id', 'root', 'hash'] as const
  return (
    <div class="proof-parts">
      <svg class="merkle" viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={words.pathLabel(path.steps.length)}>
        {rungs.map((rung) => <Joint key={rung.y} rung={rung} />)}
        {rungs.map((rung, at) => <Node key={rung.y} rung={rung} isRoot={at === rungs.length - 1} />)}
      </svg>
      <div>
        <p>{words.pathNote}</p>
        <ul class="checks">
          {checks.map((check) => (
            <li key={check} class={path.holds[check] ? 'holds' : 'failed'}>
              {words.holds[check]}{!path.holds[check] && ` ${words.wrong}`}
            </li>
          ))}
        </ul>
        <p class="quiet">{words.checkedHere} <Says text={words.elsewhere(proof.transaction.id)} /></p>
      </div>
    </div>
  )
}

/** Two nodes and the lines from both to the one above. */
function Joint({ rung: { y, pair } }: { rung: Rung }) {
  if (pair === undefined) return null
  const x = CENTRE + (pair.side === 'left' ? -ASIDE : ASIDE)
  const above = y - RUNG_GAP
  return (
    <>
      <path class="way" d={`M${CENTRE} ${y}V${above}`} />
      <path class="joint" d={`M${x} ${y}C${x} ${y - RUNG_GAP * 0.6} ${CENTRE} ${y - RUNG_GAP * 0.5} ${CENTRE} ${above}`} />
      <circle class={`beside ${pair.kind}`} cx={x} cy={y} r="6"><title>{pair.hash}</title></circle>
      <text x={x} y={y + 21} class="beside">{besideText(pair)}</text>
    </>
  )
}

function Node({ rung: { y, node, kind, pair }, isRoot }: { rung: Rung; isRoot: boolean }) {
  const says = isRoot ? words.root : kind === 'leaf' ? words.thisId : undefined
  // The words go where no pair is.
  const left = pair?.side === 'right'
  return (
    <g class="node">
      <circle cx={CENTRE} cy={y} r={says === undefined ? 6 : 9}><title>{node}</title></circle>
      <text x={CENTRE + (left ? -16 : 16)} y={y + 4} class={left ? 'left' : undefined}>{shortOf(node)}</text>
      {says !== undefined && <text x={CENTRE + (left ? -16 : 16)} y={y + 20} class={left ? 'left says' : 'says'}>{says}</text>}
    </g>
  )
}

function besideText({ kind, hash, levels }: NonNullable<Rung['pair']>): string {
  switch (kind) {
    case 'zeros': return words.zeros(levels)
    case 'count': return words.countLeaf
    case 'miner': return words.minerLeaf
    case 'tree': return shortOf(hash)
  }
}

function shortOf(hash: string): string {
  const { start, end } = splitHash(hash)
  return `${start}·${end}`
}

/** The numbers of the moment. */
import type { ComponentChildren } from 'preact'
import { age, count, exactTime, hashes, hashRate, type Quantity, span } from '../format.ts'
import { usePage } from '../page.ts'
import { text } from '../strings.ts'

const words = text.tiles

export function Tiles() {
  const { state } = usePage()
  const status = state.status.value
  const pace = state.pace.value
  const target = state.network.value?.parameters.targetBlockTimeMs
  const mining = status?.mining.running || state.miningOne.value
  const rate = state.mining.value?.hashRate ?? status?.mining.hashRate ?? 0
  const blocks = Math.min(60, Math.max(0, state.view.value.best.length - 1))
  return (
    <dl class="tiles">
      <Tile label={words.height} value={state.tip.value && count(state.tip.value.height)} />
      <LastBlock />
      <Tile label={words.blockTime} title={words.blockTimeTitle(blocks)} quantity={pace && span(pace.intervalMs)}>
        {target !== undefined && words.ofTarget(asText(span(target)))}
      </Tile>
      <Tile label={words.networkRate} title={words.networkRateTitle} quantity={pace && hashRate(pace.hashRate)} />
      {mining
        ? <Tile label={words.ownRate} quantity={hashRate(rate)} />
        : <Tile label={words.ownRate} value="">{words.notMining}</Tile>}
      <Tile label={words.difficulty} title={words.difficultyTitle} quantity={status && hashes(status.difficulty)} />
      <Tile label={words.peers} value={status && count(status.peers)} />
      <Tile label={words.pending} value={status && count(state.pendingCount.value)} />
    </dl>
  )
}

/** Apart from the others, because it changes every second. */
function LastBlock() {
  const { state } = usePage()
  const tip = state.tip.value
  if (tip === undefined || tip.height === 0) return <Tile label={words.lastBlock} />
  const since = age(state.now.value - tip.timestamp)
  return <Tile label={words.lastBlock} title={exactTime(tip.timestamp)} quantity={since}>{words.ago}</Tile>
}

interface TileProps {
  label: string
  /** A plain number, or '' for none; else `quantity`. */
  value?: string | null
  quantity?: Quantity | null
  title?: string
  /** Small words after it. */
  children?: ComponentChildren
}

function Tile({ label, value, quantity, title, children }: TileProps) {
  return (
    <div title={title}>
      <dt>{label}</dt>
      <dd>{value ?? quantity?.value ?? words.none}<small> {quantity?.unit} {children}</small></dd>
    </div>
  )
}

const asText = ({ value, unit }: Quantity): string => `${value} ${unit}`

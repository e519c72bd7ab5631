/** What happened lately, in plain words. */
import { useSignal } from '@preact/signals'
import type { News } from '../news.ts'
import { age, splitHash } from '../format.ts'
import { nameOf, usePage } from '../page.ts'
import { blockLink, transactionLink } from '../route.ts'
import type { State } from '../state.ts'
import { text } from '../strings.ts'
import { Ago } from './Ago.tsx'
import { Dot } from './Dot.tsx'

const AT_FIRST = 14

export function NewsList() {
  const { state } = usePage()
  const shown = useSignal(AT_FIRST)
  const news = state.news.value
  return (
    <section>
      <h2>{text.news.heading}</h2>
      {news.length === 0 && <p class="empty">{text.news.empty}</p>}
      <NewsLines news={news.slice(0, shown.value)} />
      {news.length > shown.value && (
        <button type="button" class="more" onClick={() => { shown.value += AT_FIRST }}>{text.showMore}</button>
      )}
    </section>
  )
}

interface NewsLinesProps {
  news: readonly News[]
  /** Nothing to click. @default false */
  still?: boolean
}

export function NewsLines({ news, still = false }: NewsLinesProps) {
  const { state } = usePage()
  return (
    <ol class="rows news">
      {news.map((item) => {
        const link = still ? undefined : linkOf(item)
        return (
          <li key={item.key}>
            <Ago at={item.at} />
            <Dot account={accountOf(state, item)} />
            {link === undefined ? <span>{saying(state, item)}</span> : <a href={link}>{saying(state, item)}</a>}
          </li>
        )
      })}
    </ol>
  )
}

/** What a line is about, where that has a view. */
function linkOf(item: News): string | undefined {
  switch (item.kind) {
    case 'mined': return blockLink(item.block.hash)
    case 'sent': return transactionLink(item.transaction.id)
    default: return undefined
  }
}

/** Whose colour a line has. */
function accountOf(state: State, item: News): string | undefined {
  switch (item.kind) {
    case 'mined': return item.block.miner
    case 'sent': return item.transaction.sender
    case 'switched': return item.miner ?? undefined
    case 'back': return state.status.value?.account
    case 'joined':
    case 'left': return item.name === null ? undefined : state.accountsByName.value.get(item.name)
    case 'caught-up':
    case 'dropped': return undefined
  }
}

function saying(state: State, item: News): string {
  switch (item.kind) {
    case 'mined': return text.news.mined(nameOf(state, item.block.miner), item.block.height, item.block.transactionCount)
    case 'caught-up': return text.news.caughtUp(item.blocks, item.height)
    case 'switched': return text.news.switched(item.out, item.in, item.miner === null ? '' : nameOf(state, item.miner))
    case 'sent': {
      const { sender, recipient, amount, fee } = item.transaction
      return text.news.sent(nameOf(state, sender), nameOf(state, recipient), amount, fee)
    }
    case 'dropped': return text.news.dropped(`${splitHash(item.id).start}·${splitHash(item.id).end}`, item.reason)
    case 'joined': return text.news.joined(item.name ?? item.peerId.slice(-8))
    case 'left': return text.news.left(item.name ?? item.peerId.slice(-8))
    case 'back': {
      const { value, unit } = age(item.awayMs)
      return text.news.back(`${value} ${unit}`)
    }
  }
}

/** Which network and node this is, and whether the page hears from it. */
import { shortHash } from '../format.ts'
import { usePage } from '../page.ts'
import { linkTo } from '../route.ts'
import { text } from '../strings.ts'
import { Dot } from './Dot.tsx'
import { SearchBox } from './SearchBox.tsx'
import { SkipLink } from './SkipLink.tsx'

export function Header() {
  const { state } = usePage()
  const status = state.status.value
  const connection = state.connection.value
  const sync = status?.sync
  const syncing = connection === 'live' && sync && sync.state !== 'idle' ? sync : undefined
  return (
    <header>
      <SkipLink />
      <h1><a href={linkTo({ view: 'overview' })}><Cairn />{text.title}</a></h1>
      {status && (
        <>
          <span>{status.network}</span>
          <code title={text.genesisTitle(status.genesis)}>{shortHash(status.genesis)}</code>
          <span class="node">{text.thisNode} <Dot account={status.account} /> <b>{status.name}</b></span>
        </>
      )}
      <SearchBox />
      <Views />
      <span class="connection" data-state={connection}>
        {/* That it catches up is told once, each number on the way is not. */}
        <span role="status">{text.connection[syncing === undefined ? connection : 'syncing']}</span>
        {syncing && <span>{text.connection.reached(syncing.height, syncing.target)}</span>}
      </span>
    </header>
  )
}

function Views() {
  const { state } = usePage()
  const shown = state.route.value.view
  return (
    <nav aria-label={text.views.label}>
      {(['overview', 'network', 'wallet', 'mining', 'charts'] as const).map((view) => (
        <a key={view} href={linkTo({ view })} aria-current={shown === view ? 'page' : undefined}>{text.views[view]}</a>
      ))}
      <a href={linkTo({ view: 'wall' })}>{text.wall.name}</a>
    </nav>
  )
}

/** The mark: three stones on each other. */
const Cairn = () => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
    <path d="M3 26.4c0-3.2 5.4-4.9 12.6-4.9S29 23 29 26.3 23.8 31 16 31 3 29.6 3 26.4z" />
    <path d="M7.5 17.6c0-2.6 3.8-4.2 9-4.2s8.3 1.5 8.3 4.1-3.7 4.2-8.7 4.2-8.6-1.6-8.6-4.1z" />
    <path d="M11 9.3c0-2.4 2.4-4.1 5.4-4.1s4.9 1.5 4.9 3.9-2.1 4-5 4S11 11.6 11 9.3z" />
  </svg>
)

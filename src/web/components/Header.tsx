/** Which network and node this is, and whether the page hears from it. */
import { shortHash } from '../format.ts'
import { usePage } from '../page.ts'
import { linkTo } from '../route.ts'
import { text } from '../strings.ts'
import { Dot } from './Dot.tsx'
import { Mark } from './Mark.tsx'
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
      <h1><a href={linkTo({ view: 'overview' })}><Mark />{text.title}</a></h1>
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

/**
 * The wall: the network for a room to look at, from a projector. The numbers, the tree and what happened last in big type;
 * nothing to click but the way to full screen and back. It has an address of its own, so that it is there again after a
 * reload, and asks the machine to keep its screen on.
 */
import { useEffect } from 'preact/hooks'
import { joinLine } from '../join.ts'
import { usePage } from '../page.ts'
import { goTo, linkTo } from '../route.ts'
import { shortHash } from '../format.ts'
import { text } from '../strings.ts'
import { useScreenOn } from '../use-screen-on.ts'
import { useWidth } from '../use-width.ts'
import { Dot } from './Dot.tsx'
import { FullScreen } from './FullScreen.tsx'
import { NewsLines } from './NewsList.tsx'
import { Says } from './Says.tsx'
import { Tiles } from './Tiles.tsx'
import { Tree } from './Tree.tsx'

const words = text.wall
const NEWS = 5

export function WallView() {
  const { state } = usePage()
  const { box, width } = useWidth()
  useScreenOn()
  useEffect(() => {
    const leave = (event: KeyboardEvent): void => {
      // In full screen the key ends that, and the browser keeps it for itself.
      if (event.key === 'Escape') goTo({ view: 'overview' })
    }
    addEventListener('keydown', leave)
    return () => removeEventListener('keydown', leave)
  }, [])
  const status = state.status.value
  const connection = state.connection.value
  return (
    <main class="wall" ref={box}>
      <div class="wall-head">
        <h1>{status === null ? text.title : status.network}</h1>
        {status && <code>{shortHash(status.genesis)}</code>}
        {status && <span>{text.thisNode} <Dot account={status.account} /> {status.name}</span>}
        <span class="connection" role="status" data-state={connection}>{text.connection[connection]}</span>
        <span class="wall-ways">
          <FullScreen />
          <a href={linkTo({ view: 'overview' })}>{words.leave}</a>
        </span>
      </div>
      {connection === 'lost' && <p role="alert" class="notice warning"><Says text={text.notice.lost} /></p>}
      <Tiles />
      <Tree still scale={Math.min(2.4, Math.max(1, Math.min(width / 900, innerHeight / 620)))} />
      <section class="wall-news">
        <h2>{text.news.heading}</h2>
        {state.news.value.length === 0 ? <p class="empty">{words.nothing}</p> : <NewsLines news={state.news.value.slice(0, NEWS)} still />}
        {state.peers.value.length === 0 && <Invitation />}
      </section>
    </main>
  )
}

/** While the node is alone: what the others in the room have to do. */
function Invitation() {
  const { state } = usePage()
  const status = state.status.value
  const network = state.network.value
  if (status === null || network === null) return null
  return <p class="invitation">{words.alone} <code>{joinLine({ ...status, byName: network.byName })}</code></p>
}

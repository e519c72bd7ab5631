/** The page from top to bottom: what happens in a sentence, the blocks, the network with what one can do to it, the nodes. */
import { FullScreen } from '../components/FullScreen.tsx'
import { LanguageChoice } from '../components/LanguageChoice.tsx'
import { Mark } from '../components/Mark.tsx'
import { Says } from '../components/Says.tsx'
import { shortHash } from '../format.ts'
import { text } from '../strings.ts'
import { Controls } from './Controls.tsx'
import { NodeTable } from './NodeTable.tsx'
import { useSwarm } from './page.ts'
import { StoryLine } from './StoryLine.tsx'
import { SwarmGraph } from './SwarmGraph.tsx'
import { SwarmTree } from './SwarmTree.tsx'

const words = text.swarm

export function SwarmApp() {
  const { state } = useSwarm()
  return (
    <>
      <SwarmHeader />
      <SwarmNotice />
      {state.status.value !== null && (
        <main>
          <StoryLine />
          <SwarmTree />
          <div class="stage">
            <SwarmGraph />
            <Controls />
          </div>
          <NodeTable />
        </main>
      )}
      <LanguageChoice />
    </>
  )
}

function SwarmHeader() {
  const { state } = useSwarm()
  const status = state.status.value
  const connection = state.connection.value
  return (
    <header>
      <h1><Mark />{words.title}</h1>
      {status && (
        <>
          <span>{status.network}</span>
          <code title={text.genesisTitle(status.genesis)}>{shortHash(status.genesis)}</code>
          <span class="node"><b>{words.nodes(state.nodes.value.length)}</b></span>
          <span title={words.seedTitle}>{words.seed(status.seed)}</span>
        </>
      )}
      <span class="connection" role="status" data-state={connection}>{words.connection[connection]}</span>
      <FullScreen />
    </header>
  )
}

/** Where the page is not fully what it could be: swarm gone, no token, wrong token. */
function SwarmNotice() {
  const { state } = useSwarm()
  const access = state.access.value
  const lost = state.connection.value === 'lost'
  const says = lost ? words.notice.lost : access === 'reading' || access === 'refused' ? words.notice[access] : undefined
  return (
    <div role="alert">
      {says !== undefined && <p class={lost || access === 'refused' ? 'notice warning' : 'notice'}><Says text={says} /></p>}
    </div>
  )
}

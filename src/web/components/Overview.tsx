/** What happens now, from top to bottom. */
import { Account } from './Account.tsx'
import { BlockList } from './BlockList.tsx'
import { Lab } from './Lab.tsx'
import { Mining } from './Mining.tsx'
import { NewsList } from './NewsList.tsx'
import { Peers } from './Peers.tsx'
import { PendingList } from './PendingList.tsx'
import { SendForm } from './SendForm.tsx'
import { Tiles } from './Tiles.tsx'
import { Tree } from './Tree.tsx'

export const Overview = () => (
  <main class="overview">
    <Tiles />
    <Tree />
    <div class="columns">
      <div><NewsList /></div>
      <div><BlockList /><Peers /><PendingList /></div>
      <div class="act"><Account /><SendForm /><Mining /></div>
    </div>
    <Lab />
  </main>
)

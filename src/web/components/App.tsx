/** The page: what is above every view, and the view that its address names. */
import { usePage } from '../page.ts'
import { linkTo, type Route } from '../route.ts'
import { AccountView } from './AccountView.tsx'
import { BlockView } from './BlockView.tsx'
import { ChartsView } from './ChartsView.tsx'
import { Header } from './Header.tsx'
import { MiningView } from './MiningView.tsx'
import { LanguageChoice } from './LanguageChoice.tsx'
import { NetworkView } from './NetworkView.tsx'
import { Notice } from './Notice.tsx'
import { Overview } from './Overview.tsx'
import { SearchView } from './SearchView.tsx'
import { TransactionView } from './TransactionView.tsx'
import { WalletView } from './WalletView.tsx'
import { WallView } from './WallView.tsx'

export function App() {
  const { state } = usePage()
  if (state.route.value.view === 'wall') return <WallView />
  return (
    <>
      <Header />
      <Notice />
      <Shown route={state.route.value} />
      <LanguageChoice />
    </>
  )
}

/** Each thing has a view of its own: nothing of the last one is seen in the next. */
function Shown({ route }: { route: Exclude<Route, { view: 'wall' }> }) {
  const key = linkTo(route)
  switch (route.view) {
    case 'network': return <NetworkView />
    case 'wallet': return <WalletView />
    case 'mining': return <MiningView asked={route.block} />
    case 'charts': return <ChartsView />
    case 'overview': return <Overview />
    case 'block': return <BlockView key={key} asked={route.block} />
    case 'transaction': return <TransactionView key={key} id={route.id} />
    case 'account': return <AccountView key={key} account={route.account} />
    case 'search': return <SearchView key={key} text={route.text} />
  }
}

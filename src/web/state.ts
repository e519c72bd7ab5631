/**
 * Everything the page knows, as signals, in one place. `live.ts` writes what the node says, `actions.ts` what the user
 * starts; components only read.
 */
import { computed, signal } from '@preact/signals'
import type { Account, ApiEvents, ApiTransaction, BannedPeer, NetworkInfo, Peer, Status, WalletInfo } from '../http/api.ts'
import { EMPTY_VIEW, paceOf } from './chain-view.ts'
import { NO_SWITCH } from './last-switch.ts'
import type { News } from './news.ts'
import { isLocked, ownAccounts, spendableOf } from './own-accounts.ts'
import type { Payment } from './payments.ts'
import type { RateSample } from './rate-line.ts'
import type { Route } from './route.ts'

/** A transaction that waits for a block. */
export interface Pending extends ApiTransaction {
  /** When this node, or this page, first saw it. */
  receivedAt: number
}

/**
 * What the page may do.
 * - `reading`: no token given
 * - `checking`: a token was given, the node has not judged it yet
 * - `full`
 * - `refused`: the token is not this node's
 */
export type Access = 'reading' | 'checking' | 'full' | 'refused'

/** How mining a block on demand ended. */
export type MinedOne = { outcome: 'found'; height: number } | { outcome: 'cancelled' } | { outcome: 'failed'; message: string }

/** To choose from when one pays; more is no help. */
const MAX_MINERS = 24

/** Transactions that `GET /api/v1/mempool` answers at most. */
const MAX_LISTED = 1_000

export function createState(token: string | null) {
  const status = signal<Status | null>(null)
  const view = signal(EMPTY_VIEW)
  const pending = signal<ReadonlyMap<string, Pending>>(new Map())
  const account = signal<Account | null>(null)
  const wallet = signal<WalletInfo | null>(null)
  const access = signal<Access>(token === null ? 'reading' : 'checking')
  const peers = signal<readonly Peer[]>([])
  const now = signal(Date.now())

  /** Names of accounts, as far as the node knows who owns them. */
  const names = computed(() => {
    const known = new Map<string, string>()
    const { best, side } = view.value
    for (const { block } of side.values()) if (block.minerName !== null) known.set(block.miner, block.minerName)
    for (const { miner, minerName } of best) if (minerName !== null) known.set(miner, minerName)
    for (const peer of peers.value) if (peer.account !== null && peer.name !== null) known.set(peer.account, peer.name)
    for (const own of wallet.value?.accounts ?? []) known.set(own.account, own.name)
    if (status.value !== null) known.set(status.value.account, status.value.name)
    return known
  })

  return {
    token: signal(token),
    access,
    mayAct: computed(() => access.value === 'full'),
    /** `lost` until the node answers again. */
    connection: signal<'connecting' | 'live' | 'lost'>('connecting'),
    status,
    network: signal<NetworkInfo | null>(null),
    view,
    lastSwitch: signal(NO_SWITCH),
    tip: computed(() => view.value.best.at(-1)),
    pace: computed(() => paceOf(view.value.best)),
    peers,
    /** Who is refused. */
    banned: signal<readonly BannedPeer[]>([]),
    /** By id. */
    pending,
    /** Best fee first. */
    pendingByFee: computed(() => [...pending.value.values()].sort((a, b) => b.fee - a.fee || a.receivedAt - b.receivedAt)),
    /** The node lists at most so many; beyond, its own count is the truth. */
    pendingCount: computed(() => {
      const listed = pending.value.size
      return listed < MAX_LISTED ? listed : Math.max(status.value?.mempool ?? 0, listed)
    }),
    /** This node's account. */
    account,
    /** All of its accounts and their lock; null without the token. */
    wallet,
    /** Whether the wallet cannot pay now. */
    locked: computed(() => wallet.value !== null && isLocked(wallet.value, now.value)),
    /** This node's accounts, with what can be spent now; the default one first. */
    own: computed(() => ownAccounts({ wallet: wallet.value, account: account.value })
      .map((own) => ({ ...own, spendable: spendableOf(own, pending.value.values()) }))),
    /** Payments to and from them, by id, as far as the page has heard of them. */
    payments: signal<ReadonlyMap<string, Payment>>(new Map()),
    mining: signal<ApiEvents['mining:progress'] | null>(null),
    /** This node's hash rate since the page is open. */
    rates: signal<readonly RateSample[]>([]),
    names,
    /** Accounts that mined the blocks held, but this node's, each with the height of its last one; newest first. */
    miners: computed(() => {
      const heights = new Map<string, number>()
      for (const { miner, height } of view.value.best.toReversed()) {
        if (heights.size === MAX_MINERS) break
        if (height > 0 && miner !== status.value?.account && !heights.has(miner)) heights.set(miner, height)
      }
      return heights
    }),
    /** The other way round, to colour what is known by its name only. */
    accountsByName: computed(() => new Map([...names.value].map(([account, name]) => [name, account]))),
    news: signal<readonly News[]>([]),
    /** Which view is shown. */
    route: signal<Route>({ view: 'overview' }),
    /** A block is being mined because the user asked for one. */
    miningOne: signal(false),
    /** How that ended. */
    minedOne: signal<MinedOne | null>(null),
    /** Time by the node's clock, ms; ticks each second. */
    now,
  }
}
export type State = ReturnType<typeof createState>

/**
 * A typed client for the HTTP interface: the page, the command line and other programs use this one. It needs `fetch` and
 * nothing else, so it runs in a browser as it is. Published as `cairn/client`, with the shapes of all that it gives.
 *
 * Fails with `ApiFailure`: the code and message of the node's error; `node-unreachable` where nothing answers;
 * `not-a-node` where something else does; `url-invalid` where no address was given that one could ask.
 *
 * @example
 *   import { createClient } from 'cairn/client'
 *   const client = createClient({ url: 'http://127.0.0.1:5050', token })
 *   const { height } = await client.status()
 *   await client.send({ recipient: 'cairn1…', amount: 30, fee: 1 })
 *   for await (const { event, data } of client.follow({ signal })) console.log(event, data)
 */
import type {
  Account,
  AccountHistory,
  ApiEvent,
  ApiTransaction,
  BlockDetail,
  BlockPage,
  Diagnosis,
  ForkPage,
  HeaderPage,
  LabChain,
  LabMined,
  LabSendRequest,
  LabSent,
  MempoolPage,
  MinedBlock,
  MinedBlocks,
  MinedEstimate,
  MiningRequest,
  MiningStatus,
  MiningTemplate,
  NetworkInfo,
  PassphraseRequest,
  Peer,
  PeerList,
  Proof,
  SendRequest,
  Series,
  Status,
  SubmitBlockRequest,
  SubmitRequest,
  TransactionDetail,
  UnlockRequest,
  WalletAccount,
  WalletInfo,
} from './api.ts'
import { type CallOptions, type ClientOptions, createCaller } from './caller.ts'
import { type Cursor, followEvents, type FollowOptions } from './event-reader.ts'

export type * from './api.ts'
export { ApiFailure } from './api-failure.ts'
export type { CallOptions, ClientOptions } from './caller.ts'
export type { FollowOptions } from './event-reader.ts'

export interface Client {
  status(options?: CallOptions): Promise<Status>
  network(options?: CallOptions): Promise<NetworkInfo>
  /** Newest first, at most `limit` (1 to 100, @default 20) below height `before`. */
  blocks(page?: { before?: number; limit?: number }, options?: CallOptions): Promise<BlockPage>
  block(heightOrHash: number | string, options?: CallOptions): Promise<BlockDetail>
  /** The block’s SSZ encoding: the bytes themselves, to hash and to take apart. */
  encodedBlock(heightOrHash: number | string, options?: CallOptions): Promise<Uint8Array>
  /** Headers of the best chain, oldest first, at most `limit` (1 to 2000, @default 100) from height `from` (@default 0) on. */
  headers(page?: { from?: number; limit?: number }, options?: CallOptions): Promise<HeaderPage>
  /** The chain between two times in at most `points` groups of blocks (2 to 2000, @default 500), for charts. @default all of it */
  series(range?: { since?: number; until?: number; points?: number }, options?: CallOptions): Promise<Series>
  /** Side branches, most work first, at most `limit` (1 to 100, @default 100). */
  forks(page?: { before?: string; limit?: number }, options?: CallOptions): Promise<ForkPage>
  transaction(id: string, options?: CallOptions): Promise<TransactionDetail>
  /** Proves that a transaction is in a block; `headers` (0 to 1000, @default 5) that follow it are given with it. */
  proof(id: string, options?: CallOptions & { headers?: number }): Promise<Proof>
  account(account: string, options?: CallOptions): Promise<Account>
  history(account: string, page?: { before?: string; limit?: number }, options?: CallOptions): Promise<AccountHistory>
  /** The best-paying `limit` (1 to 1000, @default 1000), from where the page before ended. */
  mempool(page?: { after?: string; limit?: number }, options?: CallOptions): Promise<MempoolPage>
  /** When a payment with such a fee would be mined, were it sent now. */
  estimate(fee: number, options?: CallOptions): Promise<MinedEstimate>
  /** Hands in a transaction that is signed already; needs no token. */
  submit(transaction: SubmitRequest, options?: CallOptions): Promise<ApiTransaction>
  peers(options?: CallOptions): Promise<PeerList>
  /** Why the node has the peers that it has; takes a second or two, for it listens to the LAN. */
  diagnosis(options?: CallOptions): Promise<Diagnosis>
  /** Connects to a peer. Token. */
  dial(address: string, options?: CallOptions): Promise<Peer>
  /** Token. */
  wallet(options?: CallOptions): Promise<WalletInfo>
  /** Makes an account more. Token. */
  addAccount(name: string, options?: CallOptions): Promise<WalletAccount>
  /** Encrypts the keys and locks them. Token. */
  encryptWallet(passphrase: string, options?: CallOptions): Promise<WalletInfo>
  /** Encrypts the keys with another passphrase and locks them. Token. */
  changePassphrase(request: PassphraseRequest, options?: CallOptions): Promise<WalletInfo>
  /** Keeps the keys in memory for some minutes. Token. */
  unlockWallet(request: UnlockRequest, options?: CallOptions): Promise<WalletInfo>
  /** Forgets the keys. Token. */
  lockWallet(options?: CallOptions): Promise<WalletInfo>
  /** Signs and sends. Token. */
  send(request: SendRequest, options?: CallOptions): Promise<ApiTransaction>
  /** Starts, pauses or tunes mining; `{}` only asks. Token. */
  mining(request: MiningRequest, options?: CallOptions): Promise<MiningStatus>
  /** Mines `count` blocks now and resolves when they are on the chain; giving up the call cancels it. Token. */
  mineBlocks(count: number, options?: CallOptions): Promise<MinedBlocks>
  /**
   * The next block for somebody who mines by other means, all but its nonce.
   * @param miner whom it pays
   * @param options.body whether to give the body too
   */
  template(miner: string, options?: CallOptions & { body?: boolean }): Promise<MiningTemplate>
  /** Hands in a block that was mined; needs no token. Resolves once it is on the best chain. */
  submitBlock(block: SubmitBlockRequest, options?: CallOptions): Promise<MinedBlock>
  /**
   * Events from now on, or from `lastEventId` on; ends when the node ends it. To go on, pass the last id seen, or follow.
   * @param options.onOpen called once the node listens for this caller: whatever changes after that is an event
   */
  events(options?: CallOptions & { lastEventId?: string; onOpen?: () => void }): AsyncGenerator<ApiEvent, void, undefined>
  /**
   * Events without end: a connection that breaks is made again, and what was missed meanwhile comes first. Where the node
   * no longer has that, as after its restart, the event `reset` comes in its place: read again what you show.
   */
  follow(options?: FollowOptions): AsyncGenerator<ApiEvent, never, undefined>
  /** The lab's three routes. The first two need the token. */
  readonly lab: {
    mine(options?: CallOptions): Promise<LabMined>
    newTransaction(request: LabSendRequest, options?: CallOptions): Promise<LabSent>
    chain(options?: CallOptions): Promise<LabChain>
  }
}

/** @throws ApiFailure `url-invalid` */
export function createClient({ url, token }: ClientOptions): Client {
  const { get, post, bytes, listen } = createCaller({ url, token })
  const part = encodeURIComponent
  const events = (cursor: Cursor, signal?: AbortSignal, onOpen?: () => void, maxSilenceMs?: number) =>
    listen<ApiEvent>('/api/v1/events', cursor, signal, onOpen, maxSilenceMs)

  return {
    status: (options) => get('/api/v1/status', {}, options),
    network: (options) => get('/api/v1/network', {}, options),
    blocks: (page = {}, options) => get('/api/v1/blocks', { ...page }, options),
    block: (heightOrHash, options) => get(`/api/v1/blocks/${part(heightOrHash)}`, {}, options),
    encodedBlock: (heightOrHash, options) => bytes(`/api/v1/blocks/${part(heightOrHash)}`, options),
    headers: (page = {}, options) => get('/api/v1/headers', { ...page }, options),
    series: (range = {}, options) => get('/api/v1/series', { ...range }, options),
    forks: (page = {}, options) => get('/api/v1/forks', { ...page }, options),
    transaction: (id, options) => get(`/api/v1/transactions/${part(id)}`, {}, options),
    proof: (id, { headers, signal } = {}) => get(`/api/v1/transactions/${part(id)}/proof`, { headers }, { signal }),
    account: (account, options) => get(`/api/v1/accounts/${part(account)}`, {}, options),
    history: (account, page = {}, options) => get(`/api/v1/accounts/${part(account)}/transactions`, { ...page }, options),
    mempool: (page = {}, options) => get('/api/v1/mempool', { ...page }, options),
    estimate: (fee, options) => get('/api/v1/mempool/estimate', { fee }, options),
    submit: (transaction, options) => post('/api/v1/transactions', transaction, options),
    peers: (options) => get('/api/v1/peers', {}, options),
    diagnosis: (options) => get('/api/v1/diagnosis', {}, options),
    dial: (address, options) => post('/api/v1/peers', { address }, options),
    wallet: (options) => get('/api/v1/wallet', {}, options),
    addAccount: (name, options) => post('/api/v1/wallet/accounts', { name }, options),
    encryptWallet: (passphrase, options) => post('/api/v1/wallet/encrypt', { passphrase }, options),
    changePassphrase: (request, options) => post('/api/v1/wallet/passphrase', request, options),
    unlockWallet: (request, options) => post('/api/v1/wallet/unlock', request, options),
    lockWallet: (options) => post('/api/v1/wallet/lock', {}, options),
    send: (request, options) => post('/api/v1/wallet/send', request, options),
    mining: (request, options) => post('/api/v1/mining', request, options),
    mineBlocks: (count, options) => post('/api/v1/mining/blocks', { count }, options),
    template: (miner, { body, signal } = {}) =>
      get('/api/v1/mining/template', { miner, body: body === undefined ? undefined : String(body) }, { signal }),
    submitBlock: (block, options) => post('/api/v1/mining/submit', block, options),
    events: ({ signal, lastEventId, onOpen } = {}) => events({ id: lastEventId }, signal, onOpen),
    follow: (options = {}) =>
      followEvents((cursor, onOpen, maxSilenceMs) => events(cursor, options.signal, onOpen, maxSilenceMs), options),
    lab: {
      mine: (options) => get('/mine', {}, options),
      newTransaction: (request, options) => post('/transactions/new', request, options),
      chain: (options) => get('/chain', {}, options),
    },
  }
}

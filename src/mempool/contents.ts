/**
 * The pending transactions, and what becomes of them: pool.ts is what others see of it.
 *
 * Admission, cheapest check first: known, `transaction-amount-overflow`, fee, nonce, replacement, balance, room of the
 * sender, room of the pool, and last the signature, by far the dearest. What breaks a rule of consensus is a
 * `RuleError`; what this pool merely does not keep is a `PolicyError` (policy.ts).
 *
 * When the chain has changed: `blockDisconnected` and `blockConnected` for each block in the order of the events, then
 * `settle` once, and `tell`. What an abandoned block gives back is only set aside until `settle`, so a transaction that
 * the new branch holds too never reappears in between.
 *
 * @example
 *   const contents = new Contents(components)
 *   contents.add(payment, 'gossip')
 *   contents.blockConnected(block); contents.settle(); contents.tell()
 */
import { EventEmitter } from 'node:events'
import type { Checked, FindChecked } from '../consensus/checked-transaction.ts'
import { type Hex, toHex } from '../consensus/hex.ts'
import { checkSignature, checkTransaction, transactionId } from '../consensus/transaction.ts'
import type { AccountState, Block, Transaction } from '../consensus/types.ts'
import { checkAdmission, checkFee, type Fill, minimumFeeOf } from './admission.ts'
import { type Backlog, CurrentBacklog, type Turn, turnsOf } from './backlog.ts'
import { Entries } from './entries.ts'
import { FeeFloor } from './fee-floor.ts'
import { Heap } from './heap.ts'
import { compareListed, type Cursor, pageOf } from './listing.ts'
import type { Known, MempoolComponents } from './mempool-components.ts'
import type { MempoolEvents, RemovalReason, TransactionOrigin } from './mempool-events.ts'
import { newcomer } from './newcomer.ts'
import { News } from './news.ts'
import { PendingSums } from './pending-sums.ts'
import { DEFAULT_LIMITS, type MempoolLimits, PolicyError } from './policy.ts'
import { Entry, leavesBefore, type Offer, paysMore, type PendingTransaction, SenderQueue } from './queue.ts'
import { selectTransactions } from './selection.ts'
import { Unsettled } from './unsettled.ts'

/** Methods that `Mempool` has too are described there. */
export class Contents {
  readonly events = new EventEmitter<MempoolEvents>()
  readonly #components: MempoolComponents
  readonly #limits: MempoolLimits
  readonly #entries = new Entries()
  readonly #queues = new Map<Hex, SenderQueue>()
  /** The queues, the one that must give first when the pool is full on top. */
  readonly #eviction = new Heap<SenderQueue>((a, b) => leavesBefore(a.rank, b.rank))
  /** What the next block may take from each, the best-paying on top. */
  readonly #offers = new Heap<Offer>(paysMore)
  readonly #sums = new PendingSums()
  readonly #floor: FeeFloor
  readonly #backlog = new CurrentBacklog(() => [...this.#queues.values()].flatMap((queue) => turnsOf(queue.ready())))

  readonly #unsettled = new Unsettled()
  readonly #news: News

  constructor(components: MempoolComponents, limits: Partial<MempoolLimits> = {}) {
    this.#components = components
    this.#limits = { ...DEFAULT_LIMITS, ...limits }
    this.#floor = new FeeFloor(this.#limits)
    this.#news = new News(components.log)
  }

  get size(): number { return this.#entries.size }
  get bytes(): number { return this.#sums.bytes }
  get minimumFee(): number { return minimumFeeOf(this.#floor.at(this.#components.now(), this.#fill), this.#fill, this.#limits) }

  add(transaction: Transaction, origin: TransactionOrigin, known: Known = {}): PendingTransaction {
    const { entry, account, replaced } = this.#examine(transaction, origin, known)
    if (known.isVerified !== true) checkSignature(transaction, this.#components.genesisHash)

    if (replaced !== undefined) this.#remove(replaced, 'replaced')
    this.#review(this.#queues.get(entry.from) ?? new SenderQueue(transaction.sender, entry.from), [entry], account)
    this.#trim()
    // Only where bytes are short and one big transaction has to push out several: the last may be worth more than it.
    const kept = this.#entries.has(entry.id)
    if (kept) this.#news.added({ pending: entry, origin })
    else this.#news.withdraw(entry.id)
    this.tell()
    if (!kept) throw new PolicyError('mempool-full', `fee ${transaction.fee} is too low for ${entry.bytes} bytes; raise it`)
    return entry
  }

  check(transaction: Transaction, origin: TransactionOrigin, known: Known = {}): Entry {
    return this.#examine(transaction, origin, known).entry
  }

  get(id: Hex): PendingTransaction | undefined {
    return this.#entries.get(id)
  }

  readonly findChecked: FindChecked = (bytes, start, end) => this.#entries.find(bytes, start, end)

  list(): PendingTransaction[] {
    return [...this.#entries.values()].sort(compareListed)
  }

  page(limit: number, after?: Cursor): PendingTransaction[] {
    return pageOf(this.#entries.values(), limit, after)
  }

  backlog(): Backlog {
    return this.#backlog.at(this.#components.now())
  }

  turnOf(id: Hex): Turn | undefined {
    const entry = this.#entries.get(id)
    const ready = entry?.queue?.ready() ?? []
    return turnsOf(ready)[ready.findIndex((other) => other === entry)]
  }

  select(maxBytes: number): PendingTransaction[] {
    return selectTransactions(this.#offers.inOrder(), maxBytes)
  }

  nextNonce(account: Uint8Array): number {
    const { nonce } = this.#components.account(account)
    return nonce + (this.#queues.get(toHex(account))?.runFrom(nonce) ?? 0)
  }

  pendingOf(account: Uint8Array): number {
    return this.#sums.changeOf(toHex(account))
  }

  promisedBy(account: Uint8Array): number {
    return this.#queues.get(toHex(account))?.costBefore(Infinity) ?? 0
  }

  blockConnected({ body: { miner, transactions } }: Block, transactionIds = transactions.map(transactionId), checked: Checked = []): void {
    this.#unsettled.touch(this.#queues.get(toHex(miner))) // has its reward to spend
    const left: SenderQueue[] = []
    for (let at = 0; at < transactions.length; at++) {
      const transaction = transactions[at] as Transaction // at < length
      let mined = Entry.pending(checked[at])
      if (mined === undefined || this.#unsettled.hasReturned) {
        const id = checked[at]?.id ?? toHex(transactionIds[at] as Uint8Array) // as many as transactions
        this.#unsettled.mined(id)
        mined ??= this.#entries.get(id)
      }
      const queue = mined?.queue ?? this.#queues.get(toHex(transaction.sender))
      this.#unsettled.touch(queue)
      this.#unsettled.touch(this.#queues.get(mined?.to ?? toHex(transaction.recipient)))
      const entry = mined ?? queue?.at(transaction.nonce)
      if (entry === undefined || queue === undefined) continue
      if (queue.letGo(entry)) left.push(queue)
      this.#forget(entry, mined === undefined ? 'conflict' : 'mined')
    }
    for (const queue of left) this.#sweep(queue)
  }

  blockDisconnected({ body: { miner, transactions } }: Block, transactionIds = transactions.map(transactionId)): void {
    this.#unsettled.touch(this.#queues.get(toHex(miner))) // loses its reward
    for (const [at, transaction] of transactions.entries()) {
      this.#unsettled.giveBack(toHex(transactionIds[at] as Uint8Array), transaction) // as many as transactions
      this.#unsettled.touch(this.#queues.get(toHex(transaction.sender)))
      this.#unsettled.touch(this.#queues.get(toHex(transaction.recipient)))
    }
  }

  /** After a change of the chain: compares the senders that its blocks touched with their accounts as they are now. */
  settle(): void {
    const returned = new Map<Hex, Entry[]>()
    for (const entry of this.#unsettled.returned(this.#components.now())) {
      const { id, transaction, from } = entry
      if (this.#queues.get(from)?.at(transaction.nonce) !== undefined) {
        this.#news.removed({ id, transaction, reason: 'conflict' }) // what is pending is its sender's later word
        continue
      }
      const others = returned.get(from)
      if (others === undefined) returned.set(from, [entry])
      else others.push(entry)
      this.#news.added({ pending: entry, origin: 'reorg' })
    }
    for (const queue of this.#unsettled.touched()) if (!returned.has(queue.key)) this.#review(queue)
    for (const [from, entries] of returned) {
      const [{ transaction: { sender } }] = entries as [Entry] // one at least
      this.#review(this.#queues.get(from) ?? new SenderQueue(sender, from), entries)
    }
    this.#unsettled.clear()
    this.#trim()
  }

  expire(): void {
    const oldest = this.#components.now() - this.#limits.maxAgeMs
    const expired = [...this.#entries.values()].filter(({ receivedAt }) => receivedAt < oldest)
    const queues = new Set(expired.flatMap(({ queue }) => queue ?? []))
    for (const entry of expired) this.#remove(entry, 'expired')
    for (const queue of queues) this.#review(queue)
    this.tell()
  }

  #examine(transaction: Transaction, origin: TransactionOrigin, known: Known) {
    const now = this.#components.now()
    const entry = known.checked ?? newcomer(transaction, origin, now, known)
    if (this.#entries.has(entry.id)) throw new PolicyError('transaction-known', `${entry.id} is pending already`)
    checkTransaction(transaction)
    if (origin !== 'restored') checkFee(transaction.fee, this.#floor.at(now, this.#fill))
    const account = this.#components.account(transaction.sender)
    const queue = this.#queues.get(entry.from) ?? new SenderQueue(transaction.sender, entry.from)
    return { entry, account, replaced: checkAdmission(entry, account, queue, this.#fill, this.#limits) }
  }

  get #fill(): Fill {
    return { size: this.size, bytes: this.bytes, lowest: this.#eviction.first?.rank }
  }

  /** Takes an entry out. What of its sender was ready behind it stays so until the sender is reviewed. */
  #remove(entry: Entry, reason: RemovalReason): void {
    const { queue } = entry
    if (queue === undefined) return
    queue.letGo(entry)
    this.#forget(entry, reason)
    this.#sweep(queue)
  }

  #sweep(queue: SenderQueue): void {
    queue.sweep()
    this.#place(queue)
  }

  /** Brings a sender's queue in line with its account, newcomers included: those that hold are pending from here on. */
  #review(queue: SenderQueue, newcomers: readonly Entry[] = [], account?: AccountState): void {
    if (queue.size + newcomers.length === 0) return
    this.#queues.set(queue.key, queue)
    for (const entry of newcomers) queue.insert(entry)
    const dropped = queue.review(account ?? this.#components.account(queue.account), this.#limits)
    for (const { entry, reason } of dropped) this.#forget(entry, reason)
    for (const entry of newcomers) {
      if (entry.queue === undefined) continue
      this.#entries.add(entry)
      this.#sums.add(entry)
    }
    this.#place(queue)
  }

  #place(queue: SenderQueue): void {
    this.#backlog.outdate()
    if (queue.hasReady) this.#offers.place(queue.offer)
    else this.#offers.remove(queue.offer)
    if (queue.size > 0) return this.#eviction.place(queue)
    this.#eviction.remove(queue)
    this.#queues.delete(queue.key)
  }

  /** Pushes out the lowest until the pool is within its limits. */
  #trim(): void {
    while (this.size > this.#limits.maxTransactions || this.bytes > this.#limits.maxBytes) {
      const { last, rank } = this.#eviction.first ?? {}
      if (last === undefined) return
      // What no block may take yet leaves for another reason than its fee.
      if (rank?.ready === true) this.#floor.raise(rank.leastFee, this.#components.now())
      this.#remove(last, 'evicted')
    }
  }

  #forget(entry: Entry, reason: RemovalReason): void {
    if (this.#entries.delete(entry)) this.#sums.remove(entry) // else it came back and never got in
    this.#news.removed({ id: entry.id, transaction: entry.transaction, reason })
  }

  /** Tells what has changed since it was last told. */
  tell(): void {
    this.#news.tell(this.events, (id) => this.#entries.has(id))
  }
}

/** What the user starts. Each answers when the node has; failures are told in words by the component that asked. */
import { batch } from '@preact/signals'
import type { ApiTransaction, MiningRequest, Peer, SendRequest, UnlockRequest, WalletAccount } from '../http/api.ts'
import { ApiFailure, type Client } from '../http/client.ts'
import type { State } from './state.ts'
import { forgetToken, takeToken } from './token.ts'

/** Blocks read at a time when the user looks further back. */
const OLDER_BLOCKS = 40

/** What to tell the user of a failure: the node says what, why and what to do in one line. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export class Actions {
  readonly #state: State
  readonly #client: () => Client
  #mining: AbortController | undefined

  constructor(components: { state: State; client: () => Client }) {
    this.#state = components.state
    this.#client = components.client
  }

  /** Takes the token that is in the address bar now, if any. */
  readTokenAgain(): void {
    const token = takeToken()
    if (token === null || token === this.#state.token.value) return
    batch(() => {
      this.#state.token.value = token
      this.#state.access.value = 'checking'
    })
  }

  /** Asks the node whether the token is its own. */
  async checkToken(): Promise<void> {
    try {
      const wallet = await this.#client().wallet()
      batch(() => {
        this.#state.wallet.value = wallet
        this.#state.access.value = 'full'
      })
    } catch (error) {
      // No answer at all says nothing about the token: it is asked again when the node is back.
      if (error instanceof ApiFailure && error.status === 401) this.#refuseToken()
    }
  }

  send(request: SendRequest): Promise<ApiTransaction> {
    return this.#acting(() => this.#client().send(request))
  }

  /** Makes one account more. */
  async addAccount(name: string): Promise<WalletAccount> {
    const made = await this.#acting(() => this.#client().addAccount(name))
    const { wallet } = this.#state
    if (wallet.value !== null && !wallet.value.accounts.some(({ account }) => account === made.account)) {
      wallet.value = { ...wallet.value, accounts: [...wallet.value.accounts, made] }
    }
    return made
  }

  /** Lets the node sign for some minutes. */
  async unlockWallet(request: UnlockRequest): Promise<void> {
    this.#state.wallet.value = await this.#acting(() => this.#client().unlockWallet(request))
  }

  async lockWallet(): Promise<void> {
    this.#state.wallet.value = await this.#acting(() => this.#client().lockWallet())
  }

  /** Mines one block; how it ended is in `minedOne`. */
  async mineOne(): Promise<void> {
    const { miningOne, minedOne } = this.#state
    const mining = new AbortController()
    this.#mining = mining
    miningOne.value = true
    minedOne.value = null
    try {
      const { blocks } = await this.#acting(() => this.#client().mineBlocks(1, { signal: mining.signal }))
      minedOne.value = { outcome: 'found', height: blocks[0]?.height ?? 0 }
    } catch (error) {
      minedOne.value = mining.signal.aborted ? { outcome: 'cancelled' } : { outcome: 'failed', message: messageOf(error) }
    } finally {
      miningOne.value = false
    }
  }

  cancelMining(): void {
    this.#mining?.abort()
  }

  async setMining(request: MiningRequest): Promise<void> {
    const mining = await this.#acting(() => this.#client().mining(request))
    const { status } = this.#state
    if (status.value !== null) status.value = { ...status.value, mining }
  }

  /** One of the lab's two requests that need the token. */
  lab<Answer>(call: (lab: Client['lab']) => Promise<Answer>): Promise<Answer> {
    return this.#acting(() => call(this.#client().lab))
  }

  /** Asks the node for something to read. */
  read<Answer>(ask: (client: Client) => Promise<Answer>): Promise<Answer> {
    return ask(this.#client())
  }

  /** Connects to a peer. */
  dial(address: string): Promise<Peer> {
    return this.#acting(() => this.#client().dial(address))
  }

  /** Reads blocks below the oldest that the page holds. */
  async readOlder(): Promise<void> {
    const [oldest] = this.#state.view.value.best
    if (oldest === undefined || oldest.height === 0) return
    const { blocks } = await this.#client().blocks({ before: oldest.height, limit: OLDER_BLOCKS })
    const view = this.#state.view.value
    if (view.best[0] === oldest) this.#state.view.value = { ...view, best: [...blocks.reverse(), ...view.best] }
  }

  async #acting<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    try {
      return await call()
    } catch (error) {
      if (error instanceof ApiFailure && error.status === 401) this.#refuseToken()
      throw error
    }
  }

  #refuseToken(): void {
    forgetToken()
    batch(() => {
      this.#state.token.value = null
      this.#state.wallet.value = null
      this.#state.access.value = 'refused'
    })
  }
}

/**
 * The tree in memory and the store on disk, moved together.
 *
 *   1. Work out what the block does (new node, its work, the path to it), touching nothing. Where it extends the tip,
 *      that is all there is to check, and `changesOf` can tell ahead of the rest.
 *   2. One store transaction: insert, disconnect the old branch tip first, connect the new one upwards.
 *   3. Only if that committed: the tree follows. Both steps of memory cannot fail, so memory and disk always agree.
 *
 * Where a block of the path breaks a rule the transaction rolls back and `InvalidBranch` says which one it was.
 */
import { RuleError } from '../consensus/errors.ts'
import type { Genesis } from '../consensus/genesis.ts'
import { type Hex, toHex } from '../consensus/hex.ts'
import { type AccountChange, connect, connectGenesis } from '../consensus/ledger.ts'
import type { NetworkParams } from '../consensus/params.ts'
import { ChainError, notStored } from './chain-error.ts'
import { heavierThan, type Path, pathBetween } from './fork-choice.ts'
import { HeaderTree, type TreeNode } from './header-tree.ts'
import type { Batch, FreshBlock, Store, StoredBlock } from './store.ts'

/** A branch that has more work than ours holds a block that breaks a rule. */
export class InvalidBranch extends Error {
  override readonly name = 'InvalidBranch'
  readonly node: TreeNode
  readonly finding: RuleError

  constructor(node: TreeNode, finding: RuleError) {
    super(`block ${node.hash} at height ${node.height}: ${finding.message}`)
    this.node = node
    this.finding = finding
  }
}

export class ActiveChain {
  readonly tree: HeaderTree
  readonly #store: Store
  readonly #params: NetworkParams

  private constructor(tree: HeaderTree, store: Store, params: NetworkParams) {
    this.tree = tree
    this.#store = store
    this.#params = params
  }

  /**
   * Reads the index of a store, or begins the chain in an empty one.
   * @throws ChainError `chain-wrong-genesis`, `chain-damaged-store`
   */
  static load(store: Store, params: NetworkParams, genesis: Genesis): ActiveChain {
    const genesisHash = toHex(genesis.hash)
    const tree = new HeaderTree(genesisHash, genesis.block.header)
    const tip = store.tip()
    if (tip === undefined) {
      store.write((batch) => {
        batch.insert(genesisHash, genesis.block)
        batch.connect(genesisHash, { block: genesis.block, transactionIds: [] }, connectGenesis(params))
      })
      return new ActiveChain(tree, store, params)
    }
    for (const { hash, header } of store.headers()) {
      if (header.height === 0) {
        if (hash === genesisHash) continue
        throw new ChainError(
          'chain-wrong-genesis',
          `the store begins with block ${hash}, network ${params.name} with ${genesisHash}; name another data folder`,
        )
      }
      const parent = tree.get(toHex(header.parent))
      if (parent === undefined) throw notStored(toHex(header.parent))
      tree.insert(tree.nodeOn(parent, hash, header))
    }
    const node = tree.get(tip)
    if (node === undefined) throw notStored(tip)
    tree.follow(pathBetween(tree.tip, node))
    return new ActiveChain(tree, store, params)
  }

  /**
   * What a block that extends the tip does to the accounts; undefined where it extends another block.
   * @throws RuleError if it breaks a rule of the ledger
   */
  changesOf(stored: StoredBlock, parent: TreeNode): AccountChange[] | undefined {
    if (parent.hash !== this.tree.tip.hash) return undefined
    return this.#changesOf(stored, parent.height + 1)
  }

  /**
   * Stores a block that has passed sanity and context, and makes it the tip if its chain has the most work.
   * @param changes what `changesOf` gave for it, if the tip is the same still: they are not worked out twice
   * @returns the path that the tip took; undefined where the block stays on a side branch
   * @throws InvalidBranch if a block of the new branch breaks a rule of the ledger; nothing has changed then
   */
  add(hash: Hex, fresh: FreshBlock, parent: TreeNode, changes?: AccountChange[]): Path<TreeNode> | undefined {
    const node = this.tree.nodeOn(parent, hash, fresh.block.header)
    if (node.work > this.tree.tip.work) return this.#switchTo(node, fresh, changes)
    this.#store.write((batch) => batch.insert(hash, fresh.block, fresh.encodedBody))
    this.tree.insert(node)
    return undefined
  }

  /** The tip of a stored branch with more work than ours, if there is one. */
  heavierBranch(): TreeNode | undefined {
    return heavierThan(this.tree.tip, this.tree.leaves())
  }

  /**
   * Makes a stored block the tip.
   * @throws InvalidBranch as `add` does
   */
  switchTo(node: TreeNode): Path<TreeNode> {
    return this.#switchTo(node)
  }

  /**
   * Forgets a stored block of a side branch and all that follows it, in one transaction.
   * @returns their hashes
   */
  forget(root: TreeNode): Hex[] {
    const branch = this.tree.branchFrom(root)
    this.#store.write((batch) => {
      for (const { hash } of branch) batch.remove(hash)
    })
    for (const node of branch) this.tree.remove(node)
    return branch.map(({ hash }) => hash)
  }

  #switchTo(target: TreeNode, fresh?: FreshBlock, changes?: AccountChange[]): Path<TreeNode> {
    const path = pathBetween(this.tree.tip, target)
    this.#store.write((batch) => {
      if (fresh !== undefined) batch.insert(target.hash, fresh.block, fresh.encodedBody)
      for (const { hash } of path.disconnect) batch.disconnect(hash, this.#read(hash))
      for (const node of path.connect) {
        if (node !== target || fresh === undefined) this.#connect(batch, node, this.#read(node.hash))
        else if (changes === undefined) this.#connect(batch, node, fresh)
        else batch.connect(node.hash, fresh, changes)
      }
    })
    if (fresh !== undefined) this.tree.insert(target)
    this.tree.follow(path)
    return path
  }

  #connect(batch: Batch, node: TreeNode, stored: StoredBlock): void {
    let changes: AccountChange[]
    try {
      changes = this.#changesOf(stored, node.height)
    } catch (error) {
      throw error instanceof RuleError ? new InvalidBranch(node, error) : error
    }
    batch.connect(node.hash, stored, changes)
  }

  #changesOf({ block, checked }: StoredBlock, height: number): AccountChange[] {
    return connect(block.body, height, this.#params, (accounts) => this.#store.readAccounts(accounts), checked)
  }

  #read(hash: Hex): StoredBlock {
    const stored = this.#store.block(hash)
    if (stored === undefined) throw notStored(hash)
    return stored
  }
}

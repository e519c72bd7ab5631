/**
 * Which network's chain a data folder holds, for whoever opens it without being told.
 *
 * The chain's file knows its network by name and genesis. The parameters are those that were asked for, else those
 * that the name gives, else those in `network.json`, which an import leaves beside the chain of a network that is more
 * than a name.
 */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { genesisOf } from '../consensus/genesis.ts'
import { type Hex, toHex } from '../consensus/hex.ts'
import { type NetworkParams, networkParams } from '../consensus/params.ts'
import { Snapshot } from '../storage/snapshot.ts'
import { StorageError } from '../storage/storage-error.ts'
import { paramsJson } from './chain-file.ts'
import { writeWhole } from './data-folder.ts'
import { readNetworkFile } from './options.ts'

/** What a chain's file says of its network. */
export interface StoredNetwork {
  /** Of the file. */
  path: string
  network: string
  genesis: Hex
}

/**
 * The parameters of the chain in a file.
 * @throws StorageError `storage-wrong-network` where they are not those asked for, or cannot be known; ParamsError
 */
export function paramsOfStored({ path, network, genesis }: StoredNetwork, asked?: NetworkParams): NetworkParams {
  const file = fileBeside(path)
  const known = asked ? [asked] : [networkParams(network), ...(existsSync(file) ? [readNetworkFile(file)] : [])]
  const params = known.find((each) => toHex(genesisOf(each).hash) === genesis)
  if (params !== undefined) return params
  const holds = `${path} holds network ${network} (genesis ${genesis.slice(0, 8)})`
  throw new StorageError(
    'storage-wrong-network',
    asked === undefined
      ? `${holds}, whose parameters are not those of the name; give their file with --network`
      : `${holds}, not ${asked.name} (genesis ${genesisOf(asked).id}); name another data folder, or that network’s parameters`,
  )
}

/**
 * The parameters of the chain in a file, whichever they are.
 * @throws StorageError, ParamsError
 */
export function paramsOfFile(path: string): NetworkParams {
  const snapshot = Snapshot.open(path)
  try {
    return paramsOfStored(snapshot)
  } finally {
    snapshot.close()
  }
}

/**
 * Leaves the parameters beside a chain's file, where its name does not give them.
 * @returns path of the file for `--network`; undefined where the name will do
 */
export function keepParams(path: string, params: NetworkParams): string | undefined {
  if (genesisOf(networkParams(params.name)).id === genesisOf(params).id) return undefined
  const file = fileBeside(path)
  writeWhole(file, `${JSON.stringify(paramsJson(params), undefined, 2)}\n`)
  return file
}

const fileBeside = (path: string): string => join(dirname(path), 'network.json')

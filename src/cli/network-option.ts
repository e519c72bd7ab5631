/** `--network` as parameters, for commands that look into a folder by themselves. */
import { type NetworkParams, networkParams } from '../consensus/params.ts'
import { readNetworkFile } from '../node/options.ts'
import { isNetworkFile } from './connection.ts'

/**
 * The parameters of a name or file; undefined where none was given.
 * @throws ParamsError
 */
export const askedNetwork = (network: string | undefined): NetworkParams | undefined =>
  network === undefined ? undefined : isNetworkFile(network) ? readNetworkFile(network) : networkParams(network)

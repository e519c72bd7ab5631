/** `cairn network`: the parameters that make a network, known without a running node. */
import type { Command } from 'commander'
import { toAddress } from '../../consensus/account.ts'
import { genesisOf } from '../../consensus/genesis.ts'
import { toHex } from '../../consensus/hex.ts'
import { DEFAULT_NETWORK, networkParams } from '../../consensus/params.ts'
import { readNetworkFile } from '../../node/options.ts'
import { isNetworkFile } from '../connection.ts'
import type { Context } from '../context.ts'
import { examples } from '../help.ts'

export function configure(command: Command, { options, output }: Context): void {
  command
    .command('show')
    .description('a network’s genesis and parameters, as a file for --network; a name gives the defaults under it')
    .argument('[NAME|FILE]', 'which network (default: that of --network)')
    .addHelpText('after', examples('cairn network show class-101', 'cairn network show ./club.json --json'))
    .action((network: string = options.network ?? DEFAULT_NETWORK) => {
      const params = isNetworkFile(network) ? readNetworkFile(network) : networkParams(network)
      const genesis = genesisOf(params)
      const { name, ...rest } = params
      const allocations = params.allocations.map(({ account, amount }) => ({ account: toAddress(account), amount }))
      const parameters = { name, ...rest, allocations }
      if (options.json) output.json({ genesis: toHex(genesis.hash), id: genesis.id, parameters })
      else {
        output.fields([['genesis', toHex(genesis.hash)], ['id', genesis.id]])
        output.line()
        output.line(JSON.stringify(parameters, undefined, 2))
      }
    })
}

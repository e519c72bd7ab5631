/** `cairn network`: the parameters that make a network, the key that makes one private, and those on this machine. */
import type { Command } from 'commander'
import { genesisOf } from '../../consensus/genesis.ts'
import { toHex } from '../../consensus/hex.ts'
import { DEFAULT_NETWORK, networkParams } from '../../consensus/params.ts'
import { paramsJson } from '../../node/chain-file.ts'
import { makeNetworkKeyFile } from '../../node/network-key-file.ts'
import { readNetworkFile } from '../../node/options.ts'
import { isNetworkFile } from '../connection.ts'
import type { Context } from '../context.ts'
import { examples } from '../help.ts'
import * as list from './network-list.ts'
import * as make from './network-new.ts'

const KEY_FILE = 'network.key'

export function configure(command: Command, context: Context): void {
  const { options, output } = context
  command
    .helpCommand(false) // main makes it of --help
    .description('networks: make one of your own, look at its parameters, keep strangers out, and list what is here')
    .addHelpText('after', examples(
      'cairn network new club --block-time 30 --subsidy 100',
      'cairn network show ./club.json',
      'cairn network list',
      'cairn network key',
    ))
  make.configure(command, context)
  command
    .command('key')
    .description('a new key for a private network: only nodes that start with it see each other')
    .argument('[FILE]', `where it goes; a file that is there is never overwritten (default: ${KEY_FILE})`)
    .addHelpText('after', examples('cairn network key', 'cairn start --network-key network.key'))
    .action((file: string = KEY_FILE) => {
      const { path, fingerprint } = makeNetworkKeyFile(file)
      if (options.json) return output.json({ path, fingerprint })
      output.fields([['key', path], ['fingerprint', output.paint('bold', fingerprint)]])
      output.line()
      output.line('Copy the file to each machine that belongs, by a way that nobody else reads, and')
      output.line(`start every node with it:  ${output.paint('cyan', `cairn start --network-key ${file}`)}`)
      output.line('Each banner then shows the same fingerprint. Whoever has the file can connect.')
    })
  command
    .command('show')
    .description('a network’s genesis and parameters, as a file for --network; a name gives the defaults under it')
    .argument('[NAME|FILE]', 'which network (default: that of --network)')
    .addHelpText('after', examples('cairn network show class-101', 'cairn network show ./club.json --json'))
    .action((network: string = options.network ?? DEFAULT_NETWORK) => {
      const params = isNetworkFile(network) ? readNetworkFile(network) : networkParams(network)
      const genesis = genesisOf(params)
      const parameters = paramsJson(params)
      if (options.json) output.json({ genesis: toHex(genesis.hash), id: genesis.id, parameters })
      else {
        output.fields([['genesis', toHex(genesis.hash)], ['id', genesis.id]])
        output.line()
        output.line(JSON.stringify(parameters, undefined, 2))
      }
    })
  list.configure(command, context)
}

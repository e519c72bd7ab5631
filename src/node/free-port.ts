/** Finds a TCP port to listen on where none was asked for. */
import { createServer } from 'node:net'
import { NodeError } from './node-error.ts'

/** How many ports after the first are tried: more nodes than one machine runs by hand. */
const TRIED = 100

/**
 * The first port from `first` that nothing listens on, on every interface.
 * @throws NodeError `option-invalid` where a hundred in a row are taken
 */
export async function freePort(first: number): Promise<number> {
  for (let port = first; port < first + TRIED; port++) if (await isFree(port)) return port
  throw new NodeError('option-invalid', `no free TCP port from ${first} to ${first + TRIED - 1}: give one with --listen`)
}

/** Whether nothing listens on a port, on any interface (IPv4). */
export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)))
  })

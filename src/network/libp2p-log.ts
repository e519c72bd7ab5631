/**
 * What libp2p writes about itself: nothing, unless somebody asks for it by the environment (`DEBUG=libp2p:*`), as its
 * documentation says.
 *
 * Its own log asks the terminal for its colours whenever a connection or a stream begins, also where nothing is written:
 * a twentieth of what a handshake takes.
 */
import type { ComponentLogger, Logger } from '@libp2p/interface'

const silent: Logger = Object.assign(() => {}, { enabled: false, error: () => {}, trace: () => {}, newScope: () => silent })

/** For `createLibp2p`; undefined: its own. */
export const libp2pLog = (environment: NodeJS.ProcessEnv = process.env): ComponentLogger | undefined =>
  environment.DEBUG === undefined ? { forComponent: () => silent } : undefined

/**
 * The door between a story and one host of its LAN: runs in the host's network namespace, takes the connections of a
 * server that the story has opened in its own, and carries them to the node's HTTP interface on this side.
 *
 * So a story speaks to every host by 127.0.0.N:PORT, and no cable that is pulled is in between.
 */
import { connect, type Server } from 'node:net'
import { pipeline } from 'node:stream'

process.on('message', ({ host, port }: { host: string; port: number }, server: Server) => {
  server.on('connection', (outside) => {
    const inside = connect(port, host)
    // Where the node does not run, or goes away, the other side hears of it by its own end.
    pipeline(outside, inside, () => {})
    pipeline(inside, outside, () => {})
  })
  process.send?.('open')
})
// The story is gone, however it went.
process.on('disconnect', () => process.exit())

/** What to run on another machine so that it joins: a line to copy, and as a QR code. */
import { addressForOthers, joinLine } from '../join.ts'
import { usePage } from '../page.ts'
import { text } from '../strings.ts'
import { Copy } from './Copy.tsx'
import { QrCode } from './QrCode.tsx'
import { Says } from './Says.tsx'

const words = text.network

export function Join() {
  const { state } = usePage()
  const status = state.status.value
  const network = state.network.value
  if (status === null || network === null) return null
  const { byName } = network
  const line = joinLine({ ...status, byName })
  return (
    <section class="join">
      <h3>{words.join}</h3>
      <div>
        {addressForOthers(status.addresses) === undefined && <p class="failed"><Says text={words.joinLocal} /></p>}
        <p><Says text={byName ? words.joinNote : words.joinFile(status.network)} /></p>
        <p class="line-to-copy"><Copy whole={line} /></p>
        {!byName && (
          <details class="as-json"><summary>{words.parameters}</summary><pre tabIndex={0}>{JSON.stringify(network.parameters, null, 2)}</pre></details>
        )}
        {status.networkKey !== null && <p><Says text={words.joinKey(status.networkKey)} /></p>}
      </div>
      <QrCode of={line} label={words.qr} />
    </section>
  )
}

/** A text as a QR code; dark on light in both themes, for readers that know no other. */
import { useMemo } from 'preact/hooks'
import { drawQr } from '../qr.ts'

export function QrCode({ of, label }: { of: string; label: string }) {
  const { path, size } = useMemo(() => drawQr(of), [of])
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <path class="light" d={`M0 0h${size}v${size}h-${size}z`} />
      <path class="dark" d={path} />
    </svg>
  )
}

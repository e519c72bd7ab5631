/** Disks to be filled up or closed to writing: small file systems in memory. Only root can make them, and only on Linux. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Disk extends Disposable {
  readonly path: string
  resize(bytes: number): void
  /** Closes it to writing, or opens it again. Nothing on it may be open for writing. */
  readOnly(on: boolean): void
}

/** Makes a disk of a size in a folder. Disposing it loses what is on it. */
export function createDisk(folder: string, bytes: number): Disk {
  const path = join(folder, 'disk')
  mkdirSync(path, { recursive: true })
  const mount = (...options: string[]): unknown => execFileSync('mount', [...options, path])
  mount('-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs')
  return {
    path,
    resize: (bytes) => mount('-o', `remount,size=${bytes}`),
    readOnly: (on) => mount('-o', `remount,${on ? 'ro' : 'rw'}`),
    [Symbol.dispose]: () => unmount(path),
  }
}

/** Closes one file to writing by mounting it over itself; disposing opens it again. */
export function closeFile(path: string): Disposable {
  execFileSync('mount', ['--bind', path, path])
  execFileSync('mount', ['-o', 'remount,bind,ro', path])
  return { [Symbol.dispose]: () => unmount(path) }
}

// Lazily: it goes as soon as the last process that a failed cycle left has let go of it.
const unmount = (path: string): unknown => execFileSync('umount', ['--lazy', path])

let available: boolean | undefined

/** Whether this process may make disks. */
export function disksAvailable(): boolean {
  if (available === undefined) {
    const probe = mkdtempSync(join(tmpdir(), 'cairn-mount-'))
    available = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe]).status === 0
    if (available) unmount(probe)
    rmdirSync(probe)
  }
  return available
}

/**
 * What a killed process leaves of its folder. A node of a swarm shares its process with the others, so its end cannot be
 * had for real: instead its files are copied in the moment of death, the node is stopped where nobody sees it, and the copy
 * takes the place of what that left.
 *
 * The copy is exact: all writing is done by this thread, so that none is under way, and SQLite's write-ahead log is copied
 * with its database. What the operating system had not written to the disk is there, as after a kill, and unlike a power cut.
 */
import { cpSync, renameSync, rmSync } from 'node:fs'

/**
 * Copies the files of a running node's folder.
 * @returns puts the copy in the folder's place; to be called when the node is stopped
 */
export function keepAsKilled(folder: string): () => void {
  const copy = `${folder}.killed`
  rmSync(copy, { recursive: true, force: true })
  // SQLite's shared memory is no part of what lasts: it is made anew.
  cpSync(folder, copy, { recursive: true, filter: (path) => !path.endsWith('-shm') })
  return () => {
    rmSync(folder, { recursive: true })
    renameSync(copy, folder)
  }
}

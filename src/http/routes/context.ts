/** What every group of routes is given. */
import type { Node } from '../../node/node.ts'
import type { Renderer } from '../render.ts'

export interface RouteContext {
  /** Running. */
  node: Node
  render: Renderer
  /** Aborts when the server stops; its reason is the answer to whoever still waits. */
  stopping: AbortSignal
}

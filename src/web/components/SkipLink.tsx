/** The first stop of the tab key: past the header, to what the view is about. It shows only while it has the focus. */
import type { TargetedMouseEvent } from 'preact'
import { usePage } from '../page.ts'
import { linkTo } from '../route.ts'
import { text } from '../strings.ts'

export function SkipLink() {
  const { state } = usePage()
  const skip = (event: TargetedMouseEvent<HTMLAnchorElement>): void => {
    event.preventDefault() // what stands after # in the address is the view
    const main = document.querySelector('main')
    if (main === null) return
    main.tabIndex = -1
    main.focus()
  }
  return <a class="skip" href={linkTo(state.route.value)} onClick={skip}>{text.skip}</a>
}

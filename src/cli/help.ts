/** How help looks: styles where the terminal shows them, and an example at the end of each command's. */
import { painter, type Style } from './output.ts'

/** Lines to type, for the end of a command's help. */
export const examples = (...lines: string[]): string =>
  `\n${style('bold')('Example:')}\n${lines.map((line) => `  ${line}`).join('\n')}`

type Styler = (text: string) => string

const style =
  (name: Style): Styler =>
  (text) =>
    painter(process.stdout)(name, text)

/** For commander's `configureHelp`. */
export const helpStyles = (): { styleTitle: Styler; styleOptionTerm: Styler; styleSubcommandTerm: Styler } => ({
  styleTitle: style('bold'),
  styleOptionTerm: style('cyan'),
  styleSubcommandTerm: style('cyan'),
})

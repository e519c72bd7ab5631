/**
 * `cairn completion SHELL`: a script that makes bash, zsh or fish complete commands, options and their values.
 *
 * It is made of the grammar that the program itself parses with, and asks no node: a Tab costs no start of Node.
 */
import { Argument, type Command } from 'commander'
import { bashCompletion } from '../completion/bash.ts'
import { fishCompletion } from '../completion/fish.ts'
import { type Place, vocabularyOf } from '../completion/vocabulary.ts'
import { zshCompletion } from '../completion/zsh.ts'
import type { Context } from '../context.ts'
import { examples } from '../help.ts'

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } satisfies Record<string, (places: Place[]) => string>

const DESCRIPTION = `
bash:  source <(cairn completion bash)     in ~/.bashrc
zsh:   source <(cairn completion zsh)      in ~/.zshrc, after compinit
fish:  cairn completion fish > ~/.config/fish/completions/cairn.fish`

export function configure(command: Command, { options, output, grammar }: Context): void {
  command
    .description('print a script that makes your shell complete commands, options and their values by Tab')
    .addArgument(new Argument('<SHELL>', 'which shell: bash, zsh or fish').choices(Object.keys(SCRIPTS)))
    .addHelpText('after', DESCRIPTION)
    .addHelpText('after', examples('cairn completion bash', 'cairn completion fish > ~/.config/fish/completions/cairn.fish'))
    .action(async (shell: keyof typeof SCRIPTS) => {
      const script = SCRIPTS[shell](vocabularyOf(await grammar()))
      if (options.json) output.json({ shell, script })
      else output.line(script.trimEnd())
    })
}

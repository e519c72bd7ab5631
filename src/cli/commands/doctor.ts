/**
 * `cairn doctor`: why do I see no peers?
 *
 * The running node is asked, for it knows whom it heard of and how dialling went. Where none runs, the machine is looked
 * at from here, and the answer says how to start one. The exit status is 0 once it looked, whatever it found: scripts
 * read `advice` of the document, whose first code is `all-well` where nothing is wrong.
 */
import type { Command } from 'commander'
import type { Diagnosis } from '../../http/api.ts'
import { connect, NotRunning } from '../connection.ts'
import type { Context } from '../context.ts'
import { layDiagnosis } from '../doctor-report.ts'
import { examples } from '../help.ts'
import { createProgressLine } from '../progress.ts'

export function configure(command: Command, context: Context): void {
  command
    .addHelpText('after', examples('cairn doctor', 'cairn doctor --network class-101 --json'))
    .action(async () => {
      const { output, options } = context
      const progress = createProgressLine(process.stderr)
      progress.show('listening to the LAN …')
      const diagnosis = await examine(context).finally(() => progress.clear())
      if (options.json) output.json(diagnosis)
      else for (const line of layDiagnosis(diagnosis, output)) output.line(line)
    })
}

async function examine(context: Context): Promise<Diagnosis> {
  try {
    const { client } = await connect(context)
    return await client.diagnosis({ signal: context.signal })
  } catch (error) {
    if (!(error instanceof NotRunning)) throw error
    // Loaded only where no node can be asked: it brings a part of one with it.
    const { examineMachine } = await import('../../node/examine-machine.ts')
    const diagnosis = await examineMachine(context.signal)
    const message = `${capital(error.what)}; only this machine was looked at.`
    const advice = diagnosis.advice.map((each) => (each.code === 'no-node' ? { ...each, message, todo: [error.start] } : each))
    return { ...diagnosis, advice }
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

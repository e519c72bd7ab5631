/** Shell completion, asked of the shells themselves: what each would offer for a line that is being typed. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bashCompletion } from '../../src/cli/completion/bash.ts'
import { fishCompletion } from '../../src/cli/completion/fish.ts'
import { vocabularyOf } from '../../src/cli/completion/vocabulary.ts'
import { zshCompletion } from '../../src/cli/completion/zsh.ts'
import { createProgram } from '../../src/cli/program.ts'
import { cairn, temporaryFolder } from './program.ts'

const places = vocabularyOf(await createProgram(new AbortController().signal).context.grammar())

/** Runs a shell's script; each line that it prints is a word offered. */
type Ask = (typed: string[], home: string, cwd: string) => string[]

const run = (shell: string, script: string, home: string, cwd: string, args: string[] = []): string[] =>
  execFileSync(shell, [...args, '-c', script], { cwd, encoding: 'utf8', env: { ...process.env, HOME: home } }).split('\n').filter((line) => line !== '')

const quoted = (word: string): string => `'${word}'`

const SHELLS: { shell: string; ask: Ask }[] = [
  {
    shell: 'bash',
    ask: (typed, home, cwd) => {
      const call = `COMP_WORDS=(cairn ${typed.map(quoted).join(' ')}); COMP_CWORD=${typed.length}; _cairn; printf '%s\\n' "\${COMPREPLY[@]}"`
      return run('bash', `${bashCompletion(places)}\n${call}`, home, cwd, ['--norc'])
    },
  },
  {
    // What zsh's own functions would show is noted, and filtered as they would.
    shell: 'zsh',
    ask: (typed, home, cwd) => {
      const word = typed.at(-1) ?? ''
      const stubs = `compdef() { : }; compadd() { shift; print -l -- "$@" }; _files() { print -l -- *(N) }
        _describe() { for each in "\${(@P)@[-1]}"; do print -r -- "\${each%%:*}"; done }`
      const call = `words=(cairn ${typed.map(quoted).join(' ')}); CURRENT=${typed.length + 1}; _cairn`
      return run('zsh', `${stubs}\n${zshCompletion(places)}\n${call}`, home, cwd, ['-f']).filter((offered) => offered.startsWith(word))
    },
  },
  {
    shell: 'fish',
    ask: (typed, home, cwd) => {
      const script = `${fishCompletion(places)}\ncomplete -C ${quoted(['cairn', ...typed].join(' '))}`
      return run('fish', script, home, cwd, ['--no-config']).map((line) => line.split('\t')[0] ?? '')
    },
  },
]

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0

describe.each(SHELLS)('$shell', ({ shell, ask }) => {
  const here = has(shell)
  test.skipIf(!here)(`completes commands, their commands, options and values${here ? '' : ` (not run: ${shell} is not installed)`}`, () => {
    const home = temporaryFolder()
    mkdirSync(join(home, '.cairn/class-101'), { recursive: true })
    writeFileSync(join(home, 'club.json'), '{}')
    const offers = (...typed: string[]): string[] => ask(typed, home, home)
    expect(offers('sta').sort()).toEqual(['start', 'status'])
    expect(offers('').sort()).toEqual(places[0]?.commands.map(({ name }) => name).sort())
    expect(offers('wallet', 'e').sort()).toEqual(['encrypt', 'export'])
    expect(offers('status', '--j')).toEqual(['--json'])
    expect(offers('start', '--thr')).toEqual(['--threads'])
    expect(offers('status', '--thr')).toEqual([])
    expect(offers('status', '--log', '').sort()).toEqual(['debug', 'error', 'info', 'warn'])
    expect(offers('wallet', 'new', '--words', '').sort()).toEqual(['12', '24'])
    expect(offers('completion', '').sort()).toEqual(['bash', 'fish', 'zsh'])
    expect(offers('start', '--network', 'cl').sort()).toEqual(expect.arrayContaining(['class-101', 'club.json']))
    expect(offers('network', 'show', 'club')).toEqual(['club.json'])
    expect(offers('--data', 'x', 'sta').sort()).toEqual(['start', 'status'])
  })
})

test('the script printed is that of the grammar, and an unknown shell is wrong usage', async () => {
  const [bash, json, other] = await Promise.all(
    [['bash'], ['fish', '--json'], ['tcsh']].map((args) => cairn(['completion', ...args])),
  )
  expect(bash).toEqual({ status: 0, stdout: bashCompletion(places), stderr: '' })
  expect(JSON.parse(json?.stdout ?? '')).toEqual({ shell: 'fish', script: fishCompletion(places) })
  expect(other).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('Allowed choices are bash, zsh, fish') })
})

test('every command and option of the grammar is in each script', () => {
  for (const script of [bashCompletion(places), zshCompletion(places), fishCompletion(places)]) {
    for (const { commands, flags } of places) {
      for (const { name } of commands) expect(script).toContain(name)
      for (const { names } of flags) expect(script).toContain(names.at(-1)?.replace(/^--/, ''))
    }
  }
})

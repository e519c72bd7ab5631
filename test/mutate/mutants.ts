/**
 * Small faults to plant in a source, each of them one that a careless change could make:
 *
 *   if (a > b) throw …      the check deleted; its condition inverted
 *   a > b                   a >= b and a <= b; likewise < <= >= === !==
 *   a + b                   a - b; likewise - * / ** % << >> >>> & | and their assignments, ++ and --
 *   a ?? b,  a && b         a alone, b alone
 *   c ? a : b,  !a          inverted
 *   5, 5n, true             6, 6n, false
 *   Math.min                Math.max
 *   call(),  x = 1          dropped; likewise throw, break, continue and a bare return
 *
 * Types, texts and declarations are left as they are: whatever tsc finds needs no test.
 */
import { parseSync, Visitor } from 'vite'

export interface Mutant {
  /** Name of the file. */
  file: string
  /** From 1. */
  line: number
  /** That line of the source, trimmed. */
  source: string
  /** What is changed, as `before → after`, on one line. */
  change: string
  /** The whole source with the change. */
  mutated: string
}

interface Range {
  start: number
  end: number
}

const OPERATORS: Record<string, string[]> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '**': ['*'],
  '<<': ['>>'],
  '>>': ['<<'],
  '>>>': ['<<'],
  '&': ['|'],
  '|': ['&'],
  '+=': ['-='],
  '-=': ['+='],
  '*=': ['/='],
  '/=': ['*='],
  '<<=': ['>>='],
  '>>=': ['<<='],
  '>>>=': ['<<='],
  '++': ['--'],
  '--': ['++'],
}

/** Every mutant of a source, in the order of their lines. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const { program, errors } = parseSync(file, source)
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0]!.message}`)
  const types: Range[] = []
  /** Statements whose loss is another mutant already. */
  const covered: Range[] = []
  /** Numbers by their start: what is told with them, so that two of one line are told apart. */
  const operations = new Map<number, Range>()
  const changes: (Range & { replacement: string; change: string })[] = []

  const text = ({ start, end }: Range): string => source.slice(start, end)
  /** @param shown what is told of the change: more than the change itself where that is but an operator */
  const replace = (at: Range, replacement: string, shown: Range = at): void => {
    const after = source.slice(shown.start, at.start) + replacement + source.slice(at.end, shown.end)
    changes.push({ start: at.start, end: at.end, replacement, change: `${oneLine(text(shown))} → ${oneLine(after)}` })
  }
  const drop = ({ start, end }: Range): void => {
    changes.push({ start, end, replacement: ';', change: `${oneLine(source.slice(start, end))} → dropped` })
  }
  /** A comparison or a `!` has its opposite among the other mutants. */
  const invert = (test: Range & { type: string; operator?: string }): void => {
    const hasOpposite = test.type === 'BinaryExpression' || (test.type === 'UnaryExpression' && test.operator === '!')
    if (!hasOpposite) replace(test, `!(${text(test)})`)
  }
  const operator = (node: Range & { operator: string }, left: Range, right: Range): void => {
    const at = source.indexOf(node.operator, left.end)
    const others = OPERATORS[node.operator]
    // A word between comments would not be found: there is none in these sources, and a test would say so.
    if (others === undefined || at < 0 || at >= right.start) return
    for (const other of others) replace({ start: at, end: at + node.operator.length }, other, node)
  }
  const isText = (node: { type: string; value?: unknown }): boolean =>
    node.type === 'TemplateLiteral' || typeof node.value === 'string'
  const aType = (node: Range): void => void types.push(node)

  new Visitor({
    TSTypeAnnotation: aType,
    TSTypeAliasDeclaration: aType,
    TSInterfaceDeclaration: aType,
    TSTypeParameterInstantiation: aType,
    TSTypeParameterDeclaration: aType,
    TSAsExpression: (node) => aType(node.typeAnnotation),
    TSSatisfiesExpression: (node) => aType(node.typeAnnotation),
    IfStatement(node) {
      if (node.alternate === null) drop(node)
      // The check deleted is its statement dropped.
      const only = node.consequent.type === 'BlockStatement' ? node.consequent.body : [node.consequent]
      if (node.alternate === null && only.length === 1) covered.push(only[0]!)
      invert(node.test)
    },
    ConditionalExpression: (node) => invert(node.test),
    BinaryExpression(node) {
      for (const side of [node.left, node.right]) if (side.type === 'Literal') operations.set(side.start, node)
      if (!isText(node.left) && !isText(node.right)) operator(node, node.left, node.right)
    },
    AssignmentExpression: (node) => operator(node, node.left, node.right),
    UpdateExpression(node) {
      const start = node.prefix ? node.start : node.end - 2
      replace({ start, end: start + 2 }, OPERATORS[node.operator]![0]!, node)
    },
    LogicalExpression(node) {
      replace(node, text(node.left))
      replace(node, text(node.right))
    },
    UnaryExpression(node) {
      if (node.operator === '!') replace(node, text(node.argument))
    },
    Literal(node) {
      if (typeof node.value === 'number') replace(node, `(${text(node)} + 1)`, operations.get(node.start))
      if (typeof node.value === 'bigint') replace(node, `(${text(node)} + 1n)`, operations.get(node.start))
      if (typeof node.value === 'boolean') replace(node, String(!node.value))
    },
    MemberExpression(node) {
      const shown = text(node)
      if (shown === 'Math.min') replace(node, 'Math.max')
      if (shown === 'Math.max') replace(node, 'Math.min')
    },
    ExpressionStatement: drop,
    ThrowStatement: drop,
    BreakStatement: drop,
    ContinueStatement: drop,
    ReturnStatement(node) {
      if (node.argument === null) drop(node)
    },
  }).visit(program)

  const inType = ({ start, end }: Range): boolean => types.some((type) => type.start <= start && end <= type.end)
  return changes
    .filter((change) => !inType(change) && !(change.replacement === ';' && covered.some(({ start }) => start === change.start)))
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, replacement, change }) => {
      const line = source.slice(0, start).split('\n').length
      const mutated = source.slice(0, start) + replacement + source.slice(end)
      return { file, line, source: source.split('\n')[line - 1]!.trim(), change, mutated }
    })
}

const oneLine = (code: string): string => {
  const line = code.replaceAll(/\s+/g, ' ')
  return line.length <= 90 ? line : `${line.slice(0, 89)}…`
}

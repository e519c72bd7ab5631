/**
 * Prometheus' text format, version 0.0.4, read strictly, and the conventions of its names.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 * https://prometheus.io/docs/practices/naming/
 */
interface Family {
  type: string
  help: string
  samples: { name: string; labels: Record<string, string>; value: number }[]
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\n"])*"'
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)?\\})? (-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?|Nan|NaN|[+-]Inf)$`)

/** The families of an exposition; throws at the first line that is none of the format. */
export function parseExposition(text: string): Map<string, Family> {
  const families = new Map<string, Family>()
  let current: { name: string; family: Family } | undefined
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  for (const line of text.split('\n')) {
    if (line === '') continue
    const [, kind, about, rest] = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`).exec(line) ?? []
    if (kind === 'HELP') {
      if (families.has(about!)) throw new Error(`${about} is there twice`)
      current = { name: about!, family: { type: '', help: rest!, samples: [] } }
      families.set(current.name, current.family)
    } else if (kind === 'TYPE') {
      if (current?.name !== about || current!.family.samples.length > 0) throw new Error(`TYPE of ${about} is not after its HELP`)
      current!.family.type = rest!
    } else {
      const [, name, labels = '', value] = SAMPLE.exec(line) ?? []
      if (name === undefined) throw new Error(`no line of the format: ${line}`)
      if (current === undefined) throw new Error(`${name} is under no TYPE`)
      const { name: family, family: { type, samples } } = current
      const suffixes = type === 'histogram' ? ['_bucket', '_sum', '_count'] : type === 'summary' ? ['', '_sum', '_count'] : ['']
      if (!suffixes.some((suffix) => name === family + suffix)) throw new Error(`${name} stands under ${family}, a ${type}`)
      const pairs = [...labels.matchAll(new RegExp(LABEL, 'g'))].map(([pair]) => [pair.slice(0, pair.indexOf('=')), JSON.parse(pair.slice(pair.indexOf('=') + 1)) as string])
      samples.push({ name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) })
    }
  }
  return families
}

/** What is wrong with families by the conventions, each with its name. */
export function unconventional(families: Map<string, Family>): string[] {
  return [...families].flatMap(([name, { type, help, samples }]) => {
    const found: string[] = []
    const say = (what: string): void => void found.push(`${name}: ${what}`)
    if (!/^(cairn|process|nodejs)_[a-z0-9_]+$/.test(name)) say('not in a namespace, or not in snake case')
    if (!['counter', 'gauge', 'histogram', 'summary'].includes(type)) say(`of type ${type}`)
    if (help.length < 10) say('no help')
    if (!name.startsWith('cairn_')) return found // prom-client's own
    if ((type === 'counter') !== name.endsWith('_total')) say('a counter, and only that, ends in _total')
    if (/(_ms|milliseconds|kilobytes|minutes|_kib)/.test(name)) say('not in base units')
    if (type === 'histogram' && !name.endsWith('_seconds')) say('a histogram of what?')
    const keys = samples.map(({ name: own, labels }) => own + JSON.stringify(labels))
    if (new Set(keys).size !== keys.length) say('a sample is there twice')
    if (type === 'histogram') {
      for (const { labels, value } of samples.filter((sample) => sample.name === `${name}_count`)) {
        const same = (other: Record<string, string>): boolean =>
          Object.entries(labels).every(([label, text]) => other[label] === text)
        const buckets = samples.filter((sample) => sample.name === `${name}_bucket` && same(sample.labels))
        const values = buckets.map((bucket) => bucket.value)
        if (values.some((each, at) => at > 0 && each < values[at - 1]!)) say('buckets do not add up')
        if (buckets.at(-1)?.labels.le !== '+Inf' || buckets.at(-1)?.value !== value) say('the last bucket is not all')
      }
    }
    if (samples.length > 100) say(`${samples.length} samples: a label that others choose?`)
    return found
  })
}

/**
 * The document as a page: whatever somebody who writes a program for it has to know, in the order of reading.
 * HTML alone, with one style sheet and no script, so the server's content security policy needs no exception, and it works
 * offline. (A documentation package brings ten megabytes of scripts, and styles that the policy forbids.)
 */
import type { JsonSchema } from '../schemas.ts'
import type { ApiAbout, ApiDocument, Media, Operation } from './openapi.ts'

interface Route extends Operation {
  method: string
  path: string
}

export function renderDocs(document: ApiDocument, { what, events: { path: eventsPath }, token }: ApiAbout): string {
  const { info, tags, paths, servers, components } = document
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Route => ({ ...operation, method: method.toUpperCase(), path })),
  )
  const base = servers[0]?.url ?? ''
  const of = (tag: string): Route[] => routes.filter((route) => route.tags.includes(tag))
  const events = Object.values(components.schemas).filter(({ title }) => title !== undefined)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(info.title)}: the HTTP interface</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/style.css">
</head>
<body>
<nav aria-label="Routes">
<a class="home" href="/">${escape(info.title)} <small>${escape(info.version)}</small></a>
${tags.map(({ name }) => `<h2>${escape(name)}</h2><ul>${of(name).map(link).join('')}</ul>`).join('\n')}
<h2>Events</h2><ul>${events.map(({ title = '' }) => `<li><a href="#${escape(title)}"><code>${escape(title)}</code></a></li>`).join('')}</ul>
</nav>
<main>
<h1>The HTTP interface of this ${what}</h1>
${info.description.split('\n\n').map((text) => `<p>${prose(text)}</p>`).join('\n')}
<p>As a document for programs: <a href="/docs/openapi.json">/docs/openapi.json</a> (OpenAPI ${document.openapi}; Postman and others import it).</p>
${tags.map(({ name, description }) => `<section><h2>${escape(name)}</h2><p>${escape(description)}</p>${of(name).map((route) => article(route, base, token.shell)).join('\n')}</section>`).join('\n')}
<section><h2>Events</h2>
<p>What <code>GET ${escape(eventsPath)}</code> sends: <code>id</code>, <code>event</code>, and <code>data</code>, one line of JSON.</p>
${events.map((event) => `<article id="${escape(event.title ?? '')}"><h3><code>${escape(event.title ?? '')}</code></h3><p>${escape(event.description ?? '')}</p>${fields(event)}</article>`).join('\n')}
</section>
</main>
</body>
</html>
`
}

const link = ({ operationId, method, path }: Route): string =>
  `<li><a href="#${operationId}"><b class="${method.toLowerCase()}">${method}</b> <code>${escape(path.replace('/api/v1', ''))}</code></a></li>`

function article(route: Route, base: string, tokenInShell: string): string {
  const { operationId, method, path, summary, description, security, parameters, requestBody, responses } = route
  const token = security.length > 0
  const body = requestBody?.content['application/json']
  const answers = Object.entries(responses)
  const rows = parameters.map(({ name, in: place, required, schema }) =>
    row(name, schema, `${place}${required ? '' : ', may be left out'}`))
  return `<article id="${operationId}">
<h3><b class="${method.toLowerCase()}">${method}</b> <code>${escape(path)}</code>${token ? ' <span class="token">token</span>' : ''}</h3>
<p>${prose(summary)}.${description === undefined ? '' : ` ${prose(description)}`}</p>
${rows.length > 0 ? `<h4>Parameters</h4><table>${rows.join('')}</table>` : ''}
${body === undefined ? '' : `<h4>Body</h4>${fields(body.schema)}`}
${answers.filter(([status]) => status.startsWith('2')).map(([status, { description: what, content = {} }]) => answer(status, what, content)).join('')}
<h4>Example</h4>
<pre>${escape(curl(route, base, tokenInShell))}</pre>
<details><summary>Errors</summary><table>${answers
    .filter(([status]) => !status.startsWith('2'))
    .map(([status, { description: what }]) => `<tr><th>${status}</th><td>${escape(what)}</td></tr>`)
    .join('')}</table></details>
</article>`
}

const answer = (status: string, what: string, content: Record<string, Media>): string =>
  Object.entries(content)
    .filter(([, media]) => media.schema.type !== undefined)
    .map(([type, { schema, example }]) => `<h4>Answer <small>${status}, ${escape(type)}: ${escape(what)}</small></h4>${fields(schema)}${
      example === undefined ? '' : `<details><summary>Example</summary><pre>${escape(JSON.stringify(example, undefined, 2))}</pre></details>`}`)
    .join('')

/** Every field of an object, those of objects in it by their path. */
function fields(schema: JsonSchema): string {
  const forms = (schema.allOf ?? []).flatMap((form) => (form.else === undefined ? [] : [form.else]))
  if (forms.length > 0) return forms.map(fields).join('<p>or</p>')
  const rows = rowsOf(schema, '', schema.additionalProperties === false ? (schema.required ?? []) : undefined)
  return rows.length === 0 ? '' : `<table>${rows.join('')}</table>`
}

function rowsOf({ properties = {} }: JsonSchema, path: string, required?: readonly string[]): string[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const inner = field.items ?? field
    const at = `${path}${name}${field.items === undefined ? '' : '[]'}`
    const isOptional = required !== undefined && !required.includes(name)
    return [row(at, field, isOptional ? 'may be left out' : ''), ...rowsOf(inner, `${at}.`)]
  })
}

function row(name: string, { type, description = '', default: usual, items }: JsonSchema, note: string): string {
  const what = [type].flat().filter((one) => one !== undefined).join(' or ') + (items?.type === undefined ? '' : ` of ${[items.type].flat().join(' or ')}`)
  const told = items?.properties === undefined && items?.description !== undefined ? `${description}: ${items.description}` : description
  const notes = [note, usual === undefined ? '' : `else ${JSON.stringify(usual)}`].filter((text) => text !== '')
  return `<tr><th><code>${escape(name)}</code></th><td>${escape(what)}</td><td>${escape(told)}${
    notes.length === 0 ? '' : ` <small>${escape(notes.join(', '))}</small>`}</td></tr>`
}

/** The request as one would type it. */
function curl({ method, path, parameters, requestBody, security, responses }: Route, base: string, tokenInShell: string): string {
  const value = (example: unknown): string => encodeURIComponent(String(example))
  const at = parameters.filter(({ in: place }) => place === 'path').reduce((url, { name, example }) => url.replace(`{${name}}`, value(example)), path)
  const query = parameters.filter(({ in: place, required }) => place === 'query' && required).map(({ name, example }) => `${name}=${value(example)}`)
  const streams = Object.values(responses).some(({ content }) => content?.['text/event-stream'] !== undefined)
  return [
    `curl${streams ? ' -N' : ''}${method === 'GET' ? '' : ` -X ${method}`} '${base}${at}${query.length === 0 ? '' : `?${query.join('&')}`}'`,
    ...(security.length > 0 ? [`-H "Authorization: Bearer ${tokenInShell}"`] : []),
    ...(requestBody === undefined ? [] : [
      `-H 'Content-Type: application/json'`,
      `-d '${JSON.stringify(requestBody.content['application/json']?.example).replaceAll("'", String.raw`'\''`)}'`,
    ]),
  ].join(' \\\n  ')
}

/** Text with code in backquotes. */
const prose = (text: string): string => escape(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>')

const escape = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? '&quot;')

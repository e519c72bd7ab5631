/** The look of /docs: that of the page (src/web/styles), as far as it is needed. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f7f5f0, #171614); --ink: light-dark(#24221e, #ece8df); --muted: light-dark(#6b665b, #a8a295);
  --line: light-dark(#e5e0d5, #302e29); --accent: light-dark(#0f6b66, #6cc7bd); --change: light-dark(#8a4b12, #e0ad78);
  --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
*, ::before, ::after { box-sizing: border-box; margin: 0 }
html { scroll-padding-top: 24px }
body {
  display: grid; grid-template-columns: 310px minmax(0, 1fr); background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', sans-serif; font-variant-numeric: tabular-nums;
}
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 28px 16px 40px 28px; border-right: 1px solid var(--line) }
nav .home { font-size: 20px; font-weight: 650; color: var(--ink) }
nav h2 { font-size: 13px; color: var(--muted); font-weight: 600; margin: 18px 0 4px }
nav ul { list-style: none; padding: 0 }
nav li { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; line-height: 1.75 }
nav a, nav code { color: inherit; text-decoration: none }
nav a:hover code { text-decoration: underline; text-underline-offset: 3px }
main { padding: 40px clamp(20px, 5vw, 72px) 120px; max-width: 1020px; min-width: 0 }
h1 { font-size: 27px; line-height: 1.2; margin-bottom: 18px; letter-spacing: -0.01em }
main > p, section > p { max-width: 72ch; margin-bottom: 12px; text-wrap: pretty }
section { margin-top: 56px }
section > h2 { font-size: 21px }
article { padding: 26px 0 8px; border-top: 1px solid var(--line); margin-top: 22px }
article:target h3 { color: var(--accent) }
h3 { font-size: 16px; font-weight: 600; overflow-wrap: anywhere }
h3 code { font-size: 16px }
h4 { font-size: 13px; margin: 18px 0 4px; color: var(--muted) }
h4 small { font-size: 13px; font-weight: 400 }
b.get, b.head { color: var(--accent) }
b.post { color: var(--change) }
nav b { display: inline-block; width: 40px; font-size: 11px; letter-spacing: 0.02em }
.token { font-size: 12px; font-weight: 600; color: var(--change); border: 1px solid currentColor; border-radius: 99px; padding: 1px 9px }
code, pre { font: 13px/1.5 var(--mono) }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border-left: 3px solid var(--line); padding: 4px 0 4px 16px; margin: 6px 0 }
table { border-collapse: collapse; width: 100% }
tr { border-top: 1px solid var(--line) }
tr:first-child { border-top: 0 }
th, td { text-align: left; vertical-align: baseline; padding: 5px 18px 5px 0; font-weight: 400; overflow-wrap: anywhere }
th { width: 32% }
td:nth-child(2):not(:last-child) { width: 20%; color: var(--muted) }
small { color: var(--muted); font-size: 13px }
summary { cursor: pointer; color: var(--accent); font-size: 14px; margin: 8px 0 4px }
a { color: var(--accent); text-underline-offset: 3px }
:is(a, summary):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
@media (max-width: 820px) {
  body { display: block }
  nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); padding: 20px }
  main { padding: 28px 20px 80px }
  td:nth-child(2):not(:last-child) { display: none }
}
@media print { nav { display: none } body { display: block } }
`

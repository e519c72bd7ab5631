/** A text of strings.ts, with what stands between backticks as something to type. */
export const Says = ({ text }: { text: string }) => (
  <>{text.split('`').map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part))}</>
)

/** The mark: three stones on each other. */
export const Mark = () => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
    <path d="M3 26.4c0-3.2 5.4-4.9 12.6-4.9S29 23 29 26.3 23.8 31 16 31 3 29.6 3 26.4z" />
    <path d="M7.5 17.6c0-2.6 3.8-4.2 9-4.2s8.3 1.5 8.3 4.1-3.7 4.2-8.7 4.2-8.6-1.6-8.6-4.1z" />
    <path d="M11 9.3c0-2.4 2.4-4.1 5.4-4.1s4.9 1.5 4.9 3.9-2.1 4-5 4S11 11.6 11 9.3z" />
  </svg>
)

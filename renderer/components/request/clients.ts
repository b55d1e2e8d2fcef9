/** Who can connect to a local server: the words of that choice. */
export const CLIENTS = [
  { value: 'probe', label: 'Probe', hint: 'The engine connects and shows everything that crosses the wire' },
  {
    value: 'browser',
    label: 'Browser API',
    hint: 'This window connects with the browser’s own API; what the API says stands beside what crossed the wire',
  },
] as const

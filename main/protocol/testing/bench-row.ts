/** One measurement beside a peer, as benches give it and `npm run bench -- --json` writes it. */
export interface BenchRow {
  name: string
  unit: string
  ours: number
  peer: number
  /** `bound` where the peer is a limit rather than a program. */
  peerName: string
  /** How many times better than the peer: more is better. */
  ratio: number
  /** The least ratio wanted. */
  goal: number
}

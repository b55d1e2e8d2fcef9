/**
 * Where this window's clock lies against the engine's, by asking the engine for its time a few times (Cristian's
 * method): the quickest round trip bounds the error best. Pure but for `estimateOffset`, which is given its clocks.
 */
export interface RoundTrip {
  /** Our clock when the question went out and when the answer came, ms. */
  asked: number
  answered: number
  /** The engine's clock in between, ms. */
  theirs: number
}

const TRIPS = 5

/** ms to add to our clock to get the engine's. The truth lies within half the quickest round trip of it. */
export function bestOffset(trips: readonly RoundTrip[]): number {
  let best: RoundTrip | null = null
  for (const trip of trips) {
    if (!best || trip.answered - trip.asked < best.answered - best.asked) best = trip
  }
  return best ? best.theirs - (best.asked + best.answered) / 2 : 0
}

export async function estimateOffset(ours: () => number, theirs: () => Promise<number>): Promise<number> {
  const trips: RoundTrip[] = []
  for (let i = 0; i < TRIPS; i++) {
    const asked = ours()
    const time = await theirs()
    trips.push({ asked, theirs: time, answered: ours() })
  }
  return bestOffset(trips)
}

/** The frames of the flooding server. Read by the server and by the specs that know its bytes. */

/** Frames for each frame of the client's. */
export const FLOOD_MORE = 10

const PAYLOAD = 64

export const floodText = (number: number): string => `{"number":${number},"pad":"`.padEnd(PAYLOAD - 2, '.') + '"}'

/** Two bytes of header: final text frame, unmasked, 7-bit length. */
export const floodFrame = (number: number): Buffer =>
  Buffer.concat([Buffer.from([0x81, PAYLOAD]), Buffer.from(floodText(number), 'latin1')])

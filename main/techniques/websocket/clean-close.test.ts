/** Over real sockets: which ends count as clean, with both probes. RFC 6455 7.1.4, 7.1.7 */
import { describe, expect, test } from 'vitest'
import { acceptFor } from '../../protocol/websocket/handshake.ts'
import { serveTcp } from '../testing/servers.ts'
import { startSession } from '../testing/session.ts'

/** Switches, sends this as its last frame, and ends when the probe has answered. */
const endingWith = (frame: string): Promise<string> =>
  serveTcp((socket) => {
    socket.once('data', (bytes: Buffer) => {
      const key = /^sec-websocket-key: (.*)$/im.exec(bytes.toString('latin1'))?.[1] ?? ''
      const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
      socket.write([...head, `Sec-WebSocket-Accept: ${acceptFor(key)}`, '', ''].join('\r\n'))
      socket.write(Buffer.from(frame, 'hex'))
      socket.once('data', () => socket.end())
    })
  })

const BAD = 'the close frame of the server breaks the protocol'

describe.each([false, true])('by hand: %s', (raw) => {
  test.each([
    ['a code', '880203e8', 1000, true, 'both sides sent a close frame'],
    ['an empty body', '8800', 1005, true, 'both sides sent a close frame'],
    ['half a code', '880103', 1005, false, BAD],
    ['a code that is forbidden on the wire', '880203ed', 1005, false, BAD],
    ['a code that means nothing', '880203e7', 999, false, BAD],
    ['a reason that is not UTF-8', '880403e8fffe', 1000, false, BAD],
    ['a reserved bit', 'c80203e8', 1000, false, BAD],
    ['no FIN', '080203e8', 1000, false, BAD],
    ['a mask', '88820102030402ea', 1000, false, BAD],
  ])('a close frame with %s', async (_, frame, code, clean, how) => {
    const session = startSession({ url: `ws://${await endingWith(frame)}/`, technique: 'websocket', raw })
    expect((await session.ended).how).toBe(clean ? 'ended' : 'failed')
    expect(session.of('close')).toMatchObject([{ code, by: 'server', clean, how }])
  })
})

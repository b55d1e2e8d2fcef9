/** Both WebSocket servers, with both probes: heads, bits, lengths, control frames, close. */
import { createHash } from 'node:crypto'
import { expect, test } from '../fixtures.ts'
import { headLength, headerLines, hexBytes, inspector } from '../pages/inspector.ts'

const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11' // RFC 6455 1.3

const acceptOf = (key: string): string =>
  createHash('sha1')
    .update(key + MAGIC)
    .digest('base64')

/** A masked client frame with a 7-bit length, as it must lie on the wire. */
function clientFrame(opcode: number, payload: Buffer, key: Buffer): string {
  const masked = payload.map((byte, i) => byte ^ key[i % 4]!)
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length]), key, masked]).toString('hex')
}

const SERVERS = ['WebSocket ws', 'WebSocket by hand'] as const

for (const server of SERVERS) {
  for (const raw of [false, true]) {
    test.describe(`${server}, ${raw ? 'probe by hand' : 'probe on ws'}`, () => {
      test.beforeEach(async ({ app }) => {
        const window = inspector(app.window)
        const url = await window.startServer(server)
        await window.setting('Offer permessage-deflate', false)
        if (raw) await window.setting('By hand', true)
        await window.typeUrl(`${url}?clock=0`)
        await window.connect()
        await expect(window.rows('response', '101 Switching Protocols')).toBeVisible()
      })

      test('the handshake: every header in wire order, sizes that add up, Accept step by step', async ({ app }) => {
        const window = inspector(app.window)
        await window.open(window.rows('response'))
        const panel = await window.tab('Handshake')
        const request = await headerLines(panel.getByRole('region', { name: 'Request', exact: true }))
        const answer = await headerLines(panel.getByRole('region', { name: 'Response', exact: true }))
        const names = request.map(([name]) => name)
        expect([...names].sort()).toEqual(
          ['Connection', 'Host', 'Sec-WebSocket-Key', 'Sec-WebSocket-Version', 'Upgrade', 'User-Agent'].sort(),
        )
        expect(answer.map(([name]) => name)).toEqual(['Upgrade', 'Connection', 'Sec-WebSocket-Accept'])

        const key = request.find(([name]) => name === 'Sec-WebSocket-Key')![1]
        const accept = answer.find(([name]) => name === 'Sec-WebSocket-Accept')![1]
        expect(Buffer.from(key, 'base64')).toHaveLength(16)
        expect(accept).toBe(acceptOf(key))
        const steps = panel.getByRole('region', { name: /^Accept/ })
        await expect(steps).toContainText(key + MAGIC)
        const sha1 = createHash('sha1')
          .update(key + MAGIC)
          .digest('hex')
        expect((await steps.innerText()).replace(/\s/g, '')).toContain(sha1)
        await expect(steps).toContainText('They match')

        const requestRow = await window.cells(window.rows('request'))
        const answerRow = await window.cells(window.rows('response'))
        expect(requestRow.wire).toBe(headLength('GET /?clock=0 HTTP/1.1', request))
        expect(answerRow.wire).toBe(headLength('HTTP/1.1 101 Switching Protocols', answer))
        expect([requestRow.who, answerRow.who]).toEqual(['client', 'server'])
      })

      test('"Hello" and its echo, bit by bit and byte by byte', async ({ app }) => {
        const window = inspector(app.window)
        await window.send('Text', 'Hello')
        await expect(window.rows('text', 'Hello')).toHaveCount(2)
        const [mine, echo] = [window.rows('text', 'Hello').first(), window.rows('text', 'Hello').last()]
        expect(await window.cells(mine)).toMatchObject({ who: 'client', wire: 2 + 4 + 5, payload: 5, summary: 'Hello' })
        expect(await window.cells(echo)).toMatchObject({ who: 'server', wire: 2 + 5, payload: 5, summary: 'Hello' })

        await window.open(mine)
        let panel = await window.tab('Frame')
        const bits = panel.getByRole('group', { name: 'Frame bits' })
        for (const field of ['FIN 1', 'RSV1 0', 'RSV2 0', 'RSV3 0', 'Opcode 0x1 text', 'MASK 1', 'Payload length 5'])
          await expect(bits.getByRole('button', { name: field, exact: true })).toBeVisible()
        const name = /Masking key ((?:[0-9a-f]{2} ?){4})/.exec(await bits.ariaSnapshot())![1]!
        const key = Buffer.from(name.replaceAll(' ', ''), 'hex')
        expect(key).toHaveLength(4)
        expect(await hexBytes(panel)).toBe(clientFrame(1, Buffer.from('Hello'), key))

        await window.open(echo)
        panel = await window.tab('Frame')
        await expect(panel.getByRole('button', { name: 'MASK 0', exact: true })).toBeVisible()
        expect(await hexBytes(panel)).toBe(`8105${Buffer.from('Hello').toString('hex')}`)
      })

      test('the three length forms', async ({ app }) => {
        const window = inspector(app.window)
        for (const [size, header] of [
          [125, 2],
          [126, 4],
          [65_536, 10],
        ] as const) {
          const text = String.fromCharCode(96 + header).repeat(size)
          await window.send('Text', text)
          const rows = window.rows('text', text.slice(0, 20))
          await expect(rows).toHaveCount(2)
          expect(await window.cells(rows.first())).toMatchObject({
            who: 'client',
            wire: header + 4 + size,
            payload: size,
          })
          expect(await window.cells(rows.last())).toMatchObject({ who: 'server', wire: header + size, payload: size })
        }
      })

      test('a ping and its pong, a close with code and reason', async ({ app }) => {
        const window = inspector(app.window)
        await window.send('Ping', 'are you there')
        await expect(window.rows('pong', 'are you there')).toBeVisible()
        expect(await window.cells(window.rows('ping'))).toMatchObject({ who: 'client', wire: 6 + 13, payload: 13 })
        expect(await window.cells(window.rows('pong'))).toMatchObject({ who: 'server', wire: 2 + 13, payload: 13 })

        await window.sendClose(4001, 'enough')
        const closes = window.rows('close', '4001')
        await expect(closes).toHaveCount(3) // both frames, and the row that says how it ended
        expect(await window.cells(closes.first())).toMatchObject({ who: 'client', wire: 6 + 2 + 6, payload: 8 })
        expect(await window.cells(closes.nth(1))).toMatchObject({ who: 'server', wire: 2 + 2 + 6, payload: 8 })
        await window.open(closes.first())
        const panel = await window.tab('Frame')
        await expect(panel).toContainText('4001')
        await expect(panel).toContainText('enough')
        await expect(window.status).toContainText('Closed')
      })
    })
  }

  test(`${server}, compressed: bytes on the wire, bytes inflated, RSV1`, async ({ app }) => {
    const window = inspector(app.window)
    const url = await window.startServer(server)
    await window.typeUrl(`${url}?clock=0`)
    await window.connect()
    await expect(window.rows('response', '101')).toBeVisible()
    const text = 'pushscope '.repeat(400)
    await window.send('Text', text)
    const rows = window.rows('text', 'pushscope')
    await expect(rows).toHaveCount(2)
    const echo = await window.cells(rows.last())
    expect(echo.payload).toBeLessThan(100)
    await window.open(rows.last())
    const panel = await window.tab('Frame')
    await expect(panel.getByRole('button', { name: 'RSV1 1', exact: true })).toBeVisible()
    await expect(panel.getByRole('region', { name: 'Meaning' })).toContainText(/4\s000\sB/)
  })

  test(`${server}: a ping crosses the wire and the browser's own API says nothing`, async ({ app }) => {
    const window = inspector(app.window)
    await window.startServer(server)
    await window.control(server, 'Ping every (0 = never)', '300')
    await window.useClient('Browser API')
    await window.connect()
    await expect(window.rows('api-event', 'open')).toBeVisible()
    await expect(window.rows('pong').first()).toBeVisible()
    await expect(window.rows('api-event', 'message').first()).toBeVisible()
    await window.send('Text', 'from the page')
    await expect(window.rows('api-event', 'from the page')).toHaveCount(1)
    await window.settle()

    expect(await window.cells(window.rows('ping').first())).toMatchObject({ who: 'server' })
    expect(await window.cells(window.rows('pong').first())).toMatchObject({ who: 'client' })
    await expect(window.rows('api-event', /ping|pong/)).toHaveCount(0)
    // What the API reports is what the wire carried.
    const tick = (await window.cells(window.rows('text').first())).summary
    await expect(window.rows('api-event', tick)).toHaveCount(1)

    await window.page.keyboard.press('End')
    expect(await window.cells(window.rows('text', 'from the page').first())).toMatchObject({ who: 'client' })
    await expect(window.rows('api-event', 'wasClean true')).toBeVisible()
  })
}

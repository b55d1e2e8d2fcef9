/** A server process for raw-server.bench.ts: `raw`, or `ws` answering each message with itself. Prints its port. */
import { WebSocketServer } from 'ws'
import { createRawServer } from '../raw-server.ts'

if (process.argv[2] === 'raw') {
  const server = createRawServer()
  const { port } = await server.start(0)
  process.stdout.write(`${port}\n`)
} else {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
  server.on('connection', (client) => {
    client.on('message', (data, isBinary) => client.send(data, { binary: isBinary }))
  })
  server.on('listening', () => process.stdout.write(`${(server.address() as { port: number }).port}\n`))
}
process.on('disconnect', () => process.exit(0))

// A js-libp2p peer on a private network, driven line by line: `node peer.mjs SWARM_KEY_FILE`, or `-` for none.
// Commands on standard input, one JSON line as answer to each: listen ADDR, dial ADDR, identify, ping N, echo BYTES,
// digest BYTES, streams N BYTES, perf UP DOWN, cpu, close. The end of standard input ends it.
import './old-node.mjs'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { preSharedKey } from '@libp2p/pnet'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'

const ECHO = '/sovereign/echo/1.0.0'
const DIGEST = '/sovereign/digest/1.0.0'
const SINK = '/sovereign/sink/1.0.0'
const PERF = '/perf/1.0.0'
const PING = '/ipfs/ping/1.0.0'
const CHUNK = new Uint8Array(65536)

const say = (object) => process.stdout.write(JSON.stringify(object) + '\n')

// js-libp2p resets a stream with more than maxReadBufferLength unread: pausing readers need more than 4 MiB
const many = { maxInboundStreams: 1000, maxOutboundStreams: 1000 }
const node = await createLibp2p({
  addresses: { listen: [] },
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
  ...(process.argv[2] === '-' ? {} : { connectionProtector: preSharedKey({ psk: readFileSync(process.argv[2]) }) }),
  connectionManager: { maxConnections: 100, inboundConnectionThreshold: 1000 },
  services: { identify: identify(), ping: ping() }
})

async function send (stream, data) {
  if (!stream.send(data)) await stream.onDrain()
}

function bytes (chunk) {
  return chunk instanceof Uint8Array ? chunk : chunk.subarray()
}

await node.handle(ECHO, async (stream) => {
  for await (const chunk of stream) await send(stream, bytes(chunk))
  await stream.close()
}, many)

await node.handle(DIGEST, async (stream) => {
  const hash = createHash('sha256')
  let count = 0n
  for await (const chunk of stream) { hash.update(bytes(chunk)); count += BigInt(chunk.byteLength) }
  const head = Buffer.alloc(8)
  head.writeBigUInt64BE(count)
  await send(stream, Buffer.concat([head, hash.digest()]))
  await stream.close()
}, many)

await node.handle(SINK, async (stream) => {
  let count = 0n
  for await (const chunk of stream) count += BigInt(chunk.byteLength)
  const head = Buffer.alloc(8)
  head.writeBigUInt64BE(count)
  await send(stream, head)
  await stream.close()
}, many)

await node.handle(PERF, async (stream) => {
  let head = Buffer.alloc(0)
  for await (const chunk of stream) if (head.length < 8) head = Buffer.concat([head, bytes(chunk).subarray(0, 8 - head.length)])
  await sendZeros(stream, Number(head.readBigUInt64BE()))
  await stream.close()
}, many)

async function sendZeros (stream, count) {
  for (let left = count; left > 0; left -= CHUNK.length) await send(stream, left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK)
}

let connection

async function collect (stream) {
  const parts = []
  for await (const chunk of stream) parts.push(bytes(chunk))
  return Buffer.concat(parts)
}

async function echo (size) {
  const data = randomBytes(size)
  const stream = await connection.newStream(ECHO, many)
  const back = collect(stream)
  for (let at = 0; at < size; at += 65536) await send(stream, data.subarray(at, at + 65536))
  await stream.close()
  if (!(await back).equals(data)) throw new Error('the echo differs')
}

async function digest (size) {
  const data = randomBytes(size)
  const stream = await connection.newStream(DIGEST, many)
  const back = collect(stream)
  for (let at = 0; at < size; at += 65536) await send(stream, data.subarray(at, at + 65536))
  await stream.close()
  const head = Buffer.alloc(8)
  head.writeBigUInt64BE(BigInt(size))
  if (!(await back).equals(Buffer.concat([head, createHash('sha256').update(data).digest()]))) throw new Error('the digest differs')
}

const commands = {
  async listen (address) {
    await node.components.transportManager.listen([multiaddr(address)])
    return { multiaddr: node.getMultiaddrs()[0].toString() }
  },
  async dial (address) {
    const start = performance.now()
    const identified = new Promise((resolve) => node.addEventListener('peer:identify', resolve, { once: true }))
    connection = await node.dial(multiaddr(address))
    await identified
    return { millis: performance.now() - start, peerId: connection.remotePeer.toString() }
  },
  async identify () {
    const peer = await node.peerStore.get(connection.remotePeer)
    return {
      agent: new TextDecoder().decode(peer.metadata.get('AgentVersion') ?? new Uint8Array()),
      protocols: peer.protocols,
      addresses: peer.addresses.map((each) => each.multiaddr.toString())
    }
  },
  async ping (count) {
    const stream = await connection.newStream(PING)
    const times = []
    const input = stream[Symbol.asyncIterator]()
    for (let i = 0; i < Number(count); i++) {
      const question = randomBytes(32)
      const start = performance.now()
      await send(stream, question)
      let back = Buffer.alloc(0)
      while (back.length < 32) {
        const next = await input.next()
        if (next.done) throw new Error('the ping stream has ended')
        back = Buffer.concat([back, bytes(next.value)])
      }
      times.push(performance.now() - start)
      if (!back.equals(question)) throw new Error('the ping differs')
    }
    await stream.close()
    times.sort((a, b) => a - b)
    return { p50: times[Math.floor(times.length / 2)] }
  },
  async echo (size) { await echo(Number(size)) },
  async digest (size) { await digest(Number(size)) },
  async streams (count, size) { await Promise.all(Array.from({ length: Number(count) }, async () => await echo(Number(size)))) },
  async perf (up, down) {
    const stream = await connection.newStream(PERF, many)
    const start = performance.now()
    const head = Buffer.alloc(8)
    head.writeBigUInt64BE(BigInt(down))
    await send(stream, head)
    await sendZeros(stream, Number(up))
    await stream.close()
    let received = 0
    let turned
    for await (const chunk of stream) { turned ??= performance.now(); received += chunk.byteLength }
    const end = performance.now()
    if (received !== Number(down)) throw new Error(received + ' bytes came back')
    turned ??= end
    return { up: (turned - start) / 1000, down: (end - turned) / 1000 }
  },
  async cpu () { const { user, system } = process.cpuUsage(); return { seconds: (user + system) / 1e6 } },
  async close () { await connection.close() }
}

say({ event: 'ready', peerId: node.peerId.toString() })
for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...args] = line.trim().split(' ')
  try {
    say({ ok: true, ...(await commands[name](...args)) })
  } catch (failure) {
    say({ ok: false, message: String(failure?.message ?? failure) })
  }
}
process.exit(0)

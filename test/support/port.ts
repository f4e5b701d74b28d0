import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** So many ports of 127.0.0.1 that nobody listened on a moment ago, no two alike. */
export async function freePorts(count: number): Promise<number[]> {
  const probes = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(probes.map((probe) => once(probe, 'listening')))
  const ports = probes.map((probe) => (probe.address() as AddressInfo).port)
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))))
  return ports
}

/** For what has to know its port before it listens. */
export const freePort = async (): Promise<number> => (await freePorts(1))[0]!

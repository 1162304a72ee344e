import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type ReservedPorts, reservePorts } from '../../sandbox/ports.ts';

const reserved: ReservedPorts[] = [];
const servers: Server[] = [];

afterEach(() => {
  for (const { release } of reserved.splice(0)) release();
  for (const server of servers.splice(0)) server.close();
});

async function reserve(...asked: Parameters<typeof reservePorts>) {
  const result = await reservePorts(...asked);
  reserved.push(result);
  return result;
}

async function take(port: number): Promise<void> {
  const server = createServer();
  await once(server.listen(port, '127.0.0.1'), 'listening');
  servers.push(server);
}

describe('the ports of a sandbox', () => {
  it('are all different, and below those that outgoing connections get', async () => {
    const ports = Object.values((await reserve()).ports);
    expect(new Set(ports).size).toBe(ports.length);
    expect(Math.max(...ports)).toBeLessThan(32_768);
  });

  it('are the same again the next time', async () => {
    const first = await reserve();
    first.release();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await reserve()).ports).toEqual(first.ports);
  });

  it('are never those of another sandbox, though neither listens yet', async () => {
    const [one, other] = await Promise.all([reserve(), reserve()]);
    const both = [...Object.values(one.ports), ...Object.values(other.ports)];
    expect(new Set(both).size).toBe(both.length);
  });

  it('go around one that is taken', async () => {
    const first = await reserve();
    first.release();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await take(first.ports.etcd);
    const { ports } = await reserve();
    expect(ports.etcd).not.toBe(first.ports.etcd);
    expect(ports.prometheus).toBe(first.ports.prometheus);
  });

  it('are as asked for', async () => {
    const first = await reserve();
    const wanted = first.ports.prometheus + 50;
    const { ports } = await reserve({ prometheus: wanted });
    expect(ports.prometheus).toBe(wanted);
  });

  it('cannot be had twice', async () => {
    await expect(reserve({ etcd: 20_999, prometheus: 20_999 })).rejects.toThrow('Cannot give port 20999 to both etcd and prometheus.');
  });

  it('are refused by name when one that was asked for is taken', async () => {
    const { ports } = await reserve();
    await take(ports.temporal);
    await expect(reserve({ temporal: ports.temporal })).rejects.toThrow(
      `Cannot give port ${ports.temporal} to temporal: it is taken. Choose another one, or leave it out for a free one.`,
    );
  });
});

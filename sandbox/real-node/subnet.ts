import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from './layout.ts';

/** The addresses of a real node's pods, and the machine's own among them. */
export interface Subnet {
  /** In CIDR notation. */
  readonly range: string;
  readonly gateway: string;
  readonly gatewayWithLength: string;
}

const CANDIDATES = 256;

/**
 * A range of 254 addresses to which the machine has no route yet.
 * @param routes as in /proc/net/route
 */
export function findSubnet(seed: number, routes = readFileSync('/proc/net/route', 'utf8')): Subnet {
  const taken = routes
    .trim()
    .split('\n')
    .slice(1)
    .map(toRoute)
    .filter(({ mask }) => mask !== 0);
  for (let tried = 0; tried < CANDIDATES; tried++) {
    const third = (seed + tried) % CANDIDATES;
    const network = fromOctets([10, 213, third, 0]);
    const overlaps = taken.some(
      ({ destination, mask }) => (network & mask) >>> 0 === destination || (destination & SLASH_24) >>> 0 === network,
    );
    if (!overlaps) return { range: `10.213.${third}.0/24`, gateway: `10.213.${third}.1`, gatewayWithLength: `10.213.${third}.1/24` };
  }
  throw new Error('Cannot add a real node: the machine has a route to every part of 10.213.0.0/16, so there are no addresses for pods.');
}

/** Chooses the node's range and remembers it in its folder. */
export function chooseSubnet(layout: Layout): Subnet {
  const subnet = findSubnet(layout.seed);
  writeFileSync(subnetFile(layout), JSON.stringify(subnet));
  return subnet;
}

/** The range that was chosen for the node. */
export function chosenSubnet(layout: Layout): Subnet {
  return JSON.parse(readFileSync(subnetFile(layout), 'utf8')) as Subnet;
}

function subnetFile({ folder }: Layout): string {
  return join(folder, 'subnet.json');
}

const SLASH_24 = 0xffffff00;

function toRoute(line: string): { destination: number; mask: number } {
  const columns = line.split('\t');
  return { destination: fromHex(columns[1]!), mask: fromHex(columns[7]!) };
}

/** The kernel prints addresses as little-endian numbers. */
function fromHex(text: string): number {
  return fromOctets([...Buffer.from(text.trim(), 'hex')].reverse());
}

function fromOctets(octets: readonly number[]): number {
  return octets.reduce((sum, octet) => ((sum << 8) | octet) >>> 0, 0);
}

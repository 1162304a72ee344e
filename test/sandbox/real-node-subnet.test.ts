import { describe, expect, it } from '@jest/globals';
import { findSubnet } from '../../sandbox/real-node/subnet.ts';

const HEADER = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
/** As the kernel prints it: numbers are little-endian. */
const route = (destination: string, mask: string) => `eth0\t${destination}\t00000000\t0001\t0\t0\t0\t${mask}\t0\t0\t0`;
const routes = (...lines: string[]) => `${[HEADER, ...lines].join('\n')}\n`;

describe('the addresses of a real node', () => {
  it('begin with the first candidate where only the default route is in the table', () => {
    expect(findSubnet(129, routes(route('00000000', '00000000')))).toEqual({
      range: '10.213.129.0/24',
      gateway: '10.213.129.1',
      gatewayWithLength: '10.213.129.1/24',
    });
  });

  it('avoid a network of the machine, also one that is a part of a candidate', () => {
    const taken = routes(route('0081D50A', '00FFFFFF'), route('8082D50A', '80FFFFFF'));
    expect(findSubnet(129, taken).range).toBe('10.213.131.0/24');
  });

  it('go round at the last candidate', () => {
    expect(findSubnet(255, routes(route('00FFD50A', '00FFFFFF'))).range).toBe('10.213.0.0/24');
  });

  it('are refused where a network of the machine holds every candidate', () => {
    expect(() => findSubnet(0, routes(route('0000000A', '000000FF')))).toThrow(
      'Cannot add a real node: the machine has a route to every part of 10.213.0.0/16, so there are no addresses for pods.',
    );
  });
});

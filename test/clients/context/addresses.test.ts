import { describe, expect, it } from '@jest/globals';
import { addressesIn, type NamedAddress } from '../../../clients/kubernetes/context/addresses.ts';

const inEnv = (value: string, name = 'X') => addressesIn({ spec: { containers: [{ name: 'server', env: [{ name, value }] }] } });
const inArgs = (...args: string[]) => addressesIn({ spec: { containers: [{ name: 'server', args }] } });
const store = (port: number | null, namespace: string | null = null): NamedAddress => ({ service: 'store', namespace, port });

describe('what a pod template names', () => {
  it.each<[string, string, readonly NamedAddress[]]>([
    ['a URL', 'http://store/v1', [store(80)]],
    ['a URL with TLS', 'https://store', [store(443)]],
    ['a URL with a port', 'http://store:8080/v1?x=1', [store(8080)]],
    ['a host with a port', 'store:6379', [store(6379)]],
    ['a host in another namespace', 'http://store.data:80', [store(80, 'data')]],
    ['a host by its full name', 'store.data.svc.cluster.local', [store(null, 'data')]],
    ['a full name with the dot of the root', 'http://store.data.svc.cluster.local./v1', [store(80, 'data')]],
    ['a URL with a password', 'postgres://app:hunter2@store:5432/x', [store(5432)]],
    ['a password that is a number', 'postgres://app:1234@store:5432/x', [store(5432)]],
    ['a list', 'store:9092,queue:9092', [store(9092), { service: 'queue', namespace: null, port: 9092 }]],
    ['the same twice', 'store:9092,store:9092', [store(9092)]],
    ['a host outside the cluster', 'https://api.example.com/v1', []],
    ['an address by numbers', 'http://10.0.0.1:80', []],
    ['a word', 'store', []],
    ['a sentence', 'the store is closed', []],
    ['a time', '12:30', []],
    ['a path', '/var/lib/store', []],
  ])('is an address where it is %s', (_what, value, found) => {
    expect(inEnv(value)).toEqual(found);
    expect(inArgs(value)).toEqual(found);
  });

  it('is an address where the name of the variable says so', () => {
    expect([inEnv('store', 'STORE_HOST'), inEnv('store', 'MODE')]).toEqual([[store(null)], []]);
  });

  it('is found within an argument', () => {
    expect([inArgs('--store=http://store/v1'), inArgs('--store', 'store:80')]).toEqual([[store(80)], [store(80)]]);
  });

  it('is not looked for in Secrets and ConfigMaps', () => {
    const env = [{ name: 'X', valueFrom: { secretKeyRef: { name: 'store', key: 'store:80' } } }];
    expect(addressesIn({ spec: { containers: [{ name: 'server', env }] } })).toEqual([]);
  });

  it('takes no long time over a long value that names nothing', () => {
    expect(inEnv('a-'.repeat(1_000_000))).toEqual([]);
    expect(inEnv('a.'.repeat(1_000_000))).toEqual([]);
  });

  it('is so many addresses at most', () => {
    expect(inEnv(Array.from({ length: 100 }, (_, i) => `store-${i}:80`).join(','))).toHaveLength(20);
  });
});

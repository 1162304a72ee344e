import { describe, expect, it } from '@jest/globals';
import { selects } from '../../incident/label-selector.ts';
import { letsIn, letsOut, type PolicySpec } from '../../incident/network-policy.ts';
import { NOBODY_IN, NOTHING_OUT, policy } from '../paths.ts';

const labels = { app: 'ranker', tier: 'front' };
const port = { number: 8080, name: 'http', protocol: 'TCP' };
const far = {
  namespace: 'stores',
  namespaceLabels: { 'kubernetes.io/metadata.name': 'stores' },
  podLabels: { app: 'features' },
  port: { number: 9090, name: null, protocol: 'TCP' },
};
const isIn = (...specs: Partial<PolicySpec>[]) =>
  letsIn(
    specs.map((spec, i) => policy(`p${i}`, spec)),
    labels,
    port,
  );
const isOut = (...specs: Partial<PolicySpec>[]) =>
  letsOut(
    specs.map((spec, i) => policy(`p${i}`, spec)),
    'ml',
    labels,
    far,
  );
const ingress = (...rules: NonNullable<PolicySpec['ingress']>[number][]): Partial<PolicySpec> => ({
  policyTypes: ['Ingress'],
  ingress: rules,
});
const egress = (...rules: NonNullable<PolicySpec['egress']>[number][]): Partial<PolicySpec> => ({ policyTypes: ['Egress'], egress: rules });

describe('what comes in', () => {
  it.each<[boolean, string, Partial<PolicySpec>[]]>([
    [true, 'no policy is about it', []],
    [true, 'the policies are about other pods', [{ ...NOBODY_IN, podSelector: { matchLabels: { app: 'other' } } }]],
    [true, 'the policies are about what goes out', [NOTHING_OUT]],
    [false, 'a policy is about it and allows nothing', [NOBODY_IN]],
    [false, 'a policy about every pod allows nothing', [{ ...NOBODY_IN, podSelector: {} }]],
    [false, 'a policy does not say which direction it is about, and allows nothing', [{}]],
    [true, 'a rule allows everything', [ingress({})]],
    [true, 'another policy allows it', [NOBODY_IN, ingress({ ports: [{ port: 8080 }] })]],
    [false, 'another port is allowed', [ingress({ ports: [{ port: 9090 }] })]],
    [true, 'a range of ports holds it', [ingress({ ports: [{ port: 8000, endPort: 8100 }] })]],
    [false, 'a range of ports does not hold it', [ingress({ ports: [{ port: 8081, endPort: 8100 }] })]],
    [true, 'its name is allowed', [ingress({ ports: [{ port: 'http' }] })]],
    [false, 'another name is allowed', [ingress({ ports: [{ port: 'metrics' }] })]],
    [false, 'only another protocol is allowed', [ingress({ ports: [{ protocol: 'UDP', port: 8080 }] })]],
    [true, 'a part of all may come', [ingress({ from: [{ podSelector: { matchLabels: { app: 'gateway' } } }] })]],
  ])('is let through: %s, when %s', (through, _when, specs) => {
    expect(isIn(...specs)).toBe(through);
  });
});

describe('what goes out', () => {
  const there = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'stores' } } };
  it.each<[boolean, string, Partial<PolicySpec>[]]>([
    [true, 'no policy is about it', [NOBODY_IN]],
    [false, 'a policy is about it and allows nothing', [NOTHING_OUT]],
    [true, 'its namespace is allowed', [egress({ to: [there] })]],
    [true, 'its pods there are allowed', [egress({ to: [{ ...there, podSelector: { matchLabels: { app: 'features' } } }] })]],
    [false, 'other pods there are allowed', [egress({ to: [{ ...there, podSelector: { matchLabels: { app: 'cache' } } }] })]],
    [false, 'such pods are allowed in the own namespace', [egress({ to: [{ podSelector: { matchLabels: { app: 'features' } } }] })]],
    [
      false,
      'only DNS is allowed',
      [
        egress({
          ports: [
            { protocol: 'UDP', port: 53 },
            { protocol: 'TCP', port: 53 },
          ],
        }),
      ],
    ],
    [true, 'a range of addresses is allowed, which may hold it', [egress({ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] })]],
    [true, 'a name is allowed, which its port may have', [egress({ ports: [{ port: 'http' }] })]],
    [true, 'a policy of an old kind says nothing about what goes out', [{ ingress: [] }]],
    [false, 'a policy of an old kind has rules about what goes out', [{ egress: [] }]],
  ])('is let through: %s, when %s', (through, _when, specs) => {
    expect(isOut(...specs)).toBe(through);
  });
});

it('goes out to pods whose labels are not known where some of the namespace may be reached, and nowhere where none may', () => {
  const to = (name: string) =>
    egress({
      to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } }, podSelector: { matchLabels: { app: 'a' } } }],
    });
  const isReached = (spec: Partial<PolicySpec>) => letsOut([policy('p', spec)], 'ml', labels, { ...far, podLabels: null });
  expect([isReached(to('stores')), isReached(to('others'))]).toEqual([true, false]);
});

describe('a selector of labels', () => {
  it.each([
    [true, 'In', ['front', 'back']],
    [false, 'In', ['back']],
    [false, 'NotIn', ['front']],
    [true, 'NotIn', ['back']],
    [true, 'Exists', undefined],
    [false, 'DoesNotExist', undefined],
    [false, 'SomethingNew', undefined],
  ])('selects: %s, where the label tier=front must be %s %s', (selected, operator, values) => {
    expect(selects({ matchExpressions: [{ key: 'tier', operator, ...(values && { values }) }] }, labels)).toBe(selected);
  });

  it('asks whether a label is missing as well', () => {
    const of = (operator: string) => selects({ matchExpressions: [{ key: 'zone', operator, values: ['a'] }] }, labels);
    expect([of('In'), of('NotIn'), of('Exists'), of('DoesNotExist')]).toEqual([false, true, false, true]);
  });
});

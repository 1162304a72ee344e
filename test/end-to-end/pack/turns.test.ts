import { expect, it } from '@jest/globals';
import { housed } from './housed.ts';
import { turns } from './turns.ts';

it('each scenario has its turn, and what changes the cluster or leaves pods without a place has it alone', () => {
  const node = { create: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' } } };
  const pack = [
    housed('plain', {}),
    housed('marked', { alone: true }),
    housed('capacity', { failureType: 'capacityShortage' }),
    housed('harmless', { failureType: 'capacityShortage', alone: false }),
    housed('silent', { alert: null }),
    { ...housed('node', {}), scenario: { ...housed('node', {}).scenario, setup: [node] } },
  ];
  const { together, alone, untold } = turns(pack);
  const names = (some: typeof pack | typeof together) => some.map(({ namespace }) => namespace);
  expect(names(together)).toEqual(['plain', 'harmless']);
  expect(names(alone)).toEqual(['marked', 'capacity', 'node']);
  expect(names(untold)).toEqual(['silent']);
});

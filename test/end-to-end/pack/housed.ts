import type { Housed } from './quick-runbooks.ts';
import { Scenario } from './schema.ts';

/** A scenario of a test, in which nothing is special but what is given. */
export const housed = (namespace: string, of: Partial<Scenario>): Housed => ({
  namespace,
  scenario: {
    file: `${namespace}.yaml`,
    ...Scenario.parse({
      name: namespace,
      failureType: 'podCrash',
      setup: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }],
      alert: { name: 'KubePodNotReady', labels: {} },
      target: { kind: 'Deployment', name: 'a' },
      expect: { cause: 'flake', end: 'handedOver' },
      check: [{ ready: { kind: 'Deployment', name: 'a' } }],
      ...of,
    }),
  },
});

import { describe } from '@jest/globals';
import { findHost } from '../../sandbox/real-node/host.ts';

/**
 * `describe` for tests that need a real node. Where none can be they are skipped, and their title says why; with
 * PARAMEDIC_REAL_NODE_TESTS=required, as in CI, that is a failure.
 */
export function describeWithRealNode(title: string, tests: () => void): void {
  const refusal = whyNotHere();
  if (refusal === null) describe(title, tests);
  else if (process.env.PARAMEDIC_REAL_NODE_TESTS === 'required') throw new Error(refusal);
  else describe.skip(`${title} (${refusal})`, tests);
}

function whyNotHere(): string | null {
  try {
    findHost();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

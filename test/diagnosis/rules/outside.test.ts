import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../../diagnosis/diagnose.ts';
import { QUIET_CONTEXT } from '../../../incident/context.ts';
import type { WorkloadEvidence } from '../../../incident/evidence.ts';
import { evidence, exitOf, readyPod, sickPod } from '../../evidence.ts';

const EXPIRED = 'tls: failed to verify certificate: x509: certificate has expired or is not yet valid';
const REFUSED = 'dial tcp 10.0.0.20:6379: connect: connection refused';

function causeOf(words: readonly string[], change: Partial<WorkloadEvidence> = {}) {
  const pods = words.map((message, number) => ({ ...sickPod({ exit: exitOf('Error', 1, message) }), name: `ranker-${number}` }));
  return diagnose(evidence({ provedReady: true, replicasReady: 0, pods, ...change }), QUIET_CONTEXT);
}

describe('pods that were ready and all exit', () => {
  it('want a certificate where they say that it is over', () => {
    expect(causeOf([EXPIRED, EXPIRED])).toMatchObject({
      cause: 'certificate-expired',
      rule: 'outsideFault',
      reasons: [`Every pod of revision 2, which were ready before, exits, and says: ${EXPIRED}`],
    });
  });

  it('want what they depend on where they say that it does not answer', () => {
    expect(causeOf([REFUSED, REFUSED])).toMatchObject({ cause: 'dependency-down', others: [{ cause: 'bad-release' }] });
  });

  it.each<[string, readonly string[], Partial<WorkloadEvidence>]>([
    ['the release never proved that it can be ready', [REFUSED], { provedReady: false }],
    ['one of them says something else', [REFUSED, 'KeyError: 3'], {}],
    ['they say two things', [REFUSED, EXPIRED], {}],
    ['one is of the release before', [REFUSED], { pods: [readyPod('ranker-0', 1), sickPod({ exit: exitOf('Error', 1, REFUSED) })] }],
  ])('are not excused where %s', (_case, words, change) => {
    expect(causeOf(words, change).cause).toBe('bad-release');
  });
});

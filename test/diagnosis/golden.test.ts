import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../diagnosis/diagnose.ts';
import { healthBy } from '../../diagnosis/health-by.ts';
import { QUIET_CONTEXT } from '../../incident/context.ts';
import type { GoldenSeen } from '../../incident/golden-request.ts';
import { evidence, modelServer, readyPod, sickPod } from '../evidence.ts';

const answers = (value: GoldenSeen | null) => ({ ...QUIET_CONTEXT, golden: { kind: 'read' as const, value } });
const WRONG = answers({ kind: 'wrong', by: 'churn-a', why: 'it answers 500' });

describe('a model server that is ready', () => {
  it('is well where it answers its golden request, and says how fast', () => {
    const context = answers({ kind: 'answered', by: 2, slowestMs: 31 });
    expect(healthBy('pods', modelServer({}), context)).toMatchObject({
      kind: 'recovered',
      seen: expect.stringContaining('2 answered the golden request, the slowest after 31 ms'),
    });
  });

  it('is not well where it answers wrongly, and the version that it serves is to blame (safety 19)', () => {
    expect(diagnose(modelServer({}), WRONG)).toMatchObject({
      cause: 'bad-model-version',
      confidence: 'possible',
      reasons: ['It is ready, and churn-a fails the golden request: it answers 500.'],
    });
  });

  it('is unknown where it could not be asked (safety 18)', () => {
    const golden = { kind: 'unreadable' as const, what: 'its answer', reason: 'create on pods/proxy is missing' };
    expect(healthBy('pods', modelServer({}), { ...QUIET_CONTEXT, golden })).toEqual({
      kind: 'unknown',
      reason: 'its answer cannot be read: create on pods/proxy is missing',
    });
  });

  it.each([
    ['pods fail', { workload: evidence({ pods: [readyPod('a'), sickPod({})] }) }],
    ['two versions serve', { served: { serving: ['s3://models/churn/1', 's3://models/churn/2'] } }],
  ])('has its version not blamed for a wrong answer while %s', (_case, change) => {
    expect(diagnose(modelServer(change), WRONG).rule).not.toBe('answersWrongly');
  });
});

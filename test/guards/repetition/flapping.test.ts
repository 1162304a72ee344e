import { describe, expect, it } from '@jest/globals';
import type { Act } from '../../../guards/ledger/ledger.ts';
import { flapping } from '../../../guards/repetition/flapping.ts';
import { act, asked, MINUTE_MS, NOW } from '../asked.ts';

const layer = (max: number, perSeconds = 3_600) => ({ from: 'the cluster', limits: { cures: { max, perSeconds } } });
const judge = (acts: readonly Act[], limits = [layer(2)]) => flapping(asked({ request: { limits }, ledger: { acts } }));
const cure = (minutesAgo: number, change: Partial<Act> = {}) => act({ endedMs: NOW - minutesAgo * MINUTE_MS, ...change });

describe('flapping', () => {
  it('is a person’s matter once a target was cured as often as the limit, and no waiting helps', () => {
    expect(judge([cure(50)])).toBeNull();
    expect(judge([cure(50), cure(10)])).toEqual({
      kind: 'refused',
      guard: 'flapping',
      reason: 'ml/Deployment/ranker was cured 2 times within 1 hour and fails again: no cure lasts (limit of the cluster).',
      retryAtMs: null,
    });
  });

  it('is over when a cure is the whole window old', () => {
    expect(judge([cure(60), cure(10)])).toBeNull();
    expect(judge([cure(59), cure(10)])).not.toBeNull();
  });

  it('counts cures by any incident, also those that did not last, and nothing else', () => {
    expect(judge([cure(5, { incident: 'another', relapsedMs: NOW })], [layer(1)])).not.toBeNull();
    const others = [cure(5, { target: 'ml/Deployment/other' }), cure(5, { outcome: 'failed' }), cure(5, { outcome: 'unused' })];
    expect(judge([...others, cure(5, { endedMs: null })], [layer(1)])).toBeNull();
  });

  it('limits nothing where no layer says so, and everything where the limit cannot be read', () => {
    expect(judge([cure(5), cure(5), cure(5)], [])).toBeNull();
    expect(judge([], [layer(Number.NaN)])).toMatchObject({ guard: 'flapping', retryAtMs: null });
  });
});

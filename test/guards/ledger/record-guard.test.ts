import { describe, expect, it } from '@jest/globals';
import { ACTS_MAX, type Ledger } from '../../../guards/ledger/ledger.ts';
import { wholeRecord } from '../../../guards/ledger/record-guard.ts';
import { act, asked, NOW } from '../asked.ts';

const judge = (change: Partial<Ledger>) => wholeRecord(asked({ ledger: change }));

describe('the record guard', () => {
  it('lets through under a whole record', () => {
    expect(judge({})).toBeNull();
  });

  it('counts every limit as reached while the record is lost (safety 3)', () => {
    const refusal = {
      kind: 'refused',
      guard: 'record',
      reason:
        'The permit office\'s record was lost at 2026-06-10T12:00:00.000Z, so every limit counts as reached; "paramedic guards reset record" begins anew.',
      retryAtMs: null,
    };
    expect(judge({ lostMs: NOW })).toEqual(refusal);
    expect(judge({ lostMs: 0 })).toMatchObject({ guard: 'record' });
  });

  it('grants nothing past as many acts as it may hold, open ones too', () => {
    const acts = Array.from({ length: ACTS_MAX - 1 }, () => act({ outcome: null, endedMs: null }));
    expect(judge({ acts })).toBeNull();
    expect(judge({ acts: [...acts, act()] })).toEqual({
      kind: 'refused',
      guard: 'record',
      reason: 'The record holds 1000 acts of the last days, as many as it may; nothing more is granted until some are forgotten.',
      retryAtMs: null,
    });
  });

  it('is not filled by permits that were not used', () => {
    expect(judge({ acts: Array.from({ length: ACTS_MAX }, () => act({ outcome: 'unused' })) })).toBeNull();
  });
});

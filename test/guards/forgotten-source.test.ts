import { describe, expect, it } from '@jest/globals';
import { EMPTY_LEDGER } from '../../guards/ledger/ledger.ts';
import { hear } from '../../guards/office.ts';

describe('a reset of a source of alerts', () => {
  it('forgets that source, and nothing else', () => {
    const before = { ...EMPTY_LEDGER, latestMs: 5, heartbeats: { one: 1, two: 2 } };
    expect(hear(before, { kind: 'reset', of: 'source one', by: 'ann' }, 5)).toEqual({ ...before, heartbeats: { two: 2 } });
  });
});

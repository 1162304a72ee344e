import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../../guards/decide.ts';
import { clocks } from '../../../guards/sight/clocks.ts';
import { asked, NOW, read, surroundings } from '../asked.ts';

const when = (workerOff: number, apiServerOff = 0) =>
  asked({ request: { surroundings: surroundings({ readAtMs: NOW + workerOff, apiServerMs: read(NOW + apiServerOff) }) } });

describe('clocks', () => {
  it.each([0, 120_000, -120_000])('trusts clocks that are %s ms apart', (off) => {
    expect(clocks(when(off, off))).toBeNull();
  });

  it.each([120_001, -120_001])("refuses when the worker's is %s ms off, and looks again (safety 25)", (off) => {
    expect(clocks(when(off))).toEqual({
      ...{ kind: 'refused', guard: 'clocks', retryAtMs: NOW + 15_000 },
      reason: "Temporal's clock and the worker's are 121 s apart, or what was read is that old; more than 120 s cannot be trusted.",
    });
  });

  it.each([120_001, -120_001])("refuses when the API server's is %s ms off (safety 25)", (off) => {
    expect(clocks(when(0, off))?.reason).toMatch(/^Temporal's clock and the API server's are 121 s apart/);
  });

  it('refuses a time that is none (safety 18)', () => {
    expect(clocks(when(Number.NaN))).not.toBeNull();
    expect(clocks(when(0, Number.NaN))).not.toBeNull();
  });

  it('leaves a clock that cannot be read to those who judge that', () => {
    const apiServerMs = { kind: 'unreadable', what: "the API server's clock", reason: 'no Date' } as const;
    expect(clocks(asked({ request: { surroundings: surroundings({ apiServerMs }) } }))).toBeNull();
  });

  it('put back or forward by any of the three opens no freeze (safety 25)', () => {
    const frozen = { kind: 'once' as const, reason: 'a move', from: '2026-06-10T09:00:00Z', until: '2026-06-10T15:00:00Z' };
    const limits = [{ from: 'the cluster', limits: { freezes: [frozen] } }];
    const off = fc.integer({ min: -86_400_000, max: 86_400_000 });
    fc.assert(
      fc.property(off, off, off, (office, worker, apiServer) => {
        // The freeze may still be in force by any clock that is right within two minutes.
        const trueOnes = [office, worker, apiServer].filter((one) => Math.abs(one) < 60_000);
        const request = {
          limits,
          surroundings: surroundings({ readAtMs: NOW + worker, apiServerMs: read(NOW + apiServer) }),
        };
        const permit = decide(asked({ request, nowMs: NOW + office }), 'cluster');
        if (trueOnes.length > 0) expect(permit.kind).toBe('refused');
      }),
    );
  });
});

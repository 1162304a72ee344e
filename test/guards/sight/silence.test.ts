import { describe, expect, it } from '@jest/globals';
import { silence } from '../../../guards/sight/silence.ts';
import { asked, NOW } from '../asked.ts';

const under = (...seconds: number[]) => ({
  limits: seconds.map((silenceSeconds, index) => ({ from: `layer ${index}`, limits: { silenceSeconds } })),
});

describe('a silent source of alerts', () => {
  it('refuses once it was silent for the limit, and looks again (safety 22)', () => {
    const heartbeats = { grafana: NOW, alertmanager: NOW - 900_000 };
    expect(silence(asked({ request: under(900), ledger: { heartbeats } }))).toEqual({
      ...{ kind: 'refused', guard: 'sight', retryAtMs: NOW + 60_000 },
      reason:
        'The source of alerts alertmanager has been silent since 2026-06-10T11:45:00.000Z, and 15 minutes are the limit of layer 0; silence is not health.',
    });
  });

  it('is none a millisecond before', () => {
    expect(silence(asked({ request: under(900), ledger: { heartbeats: { alertmanager: NOW - 899_999 } } }))).toBeNull();
  });

  it('is none where no source ever proved to be alive, or no layer limits it', () => {
    expect(silence(asked({ request: under(900) }))).toBeNull();
    expect(silence(asked({ request: { limits: [] }, ledger: { heartbeats: { alertmanager: 0 } } }))).toBeNull();
  });

  it('is judged by the tightest layer', () => {
    const heartbeats = { alertmanager: NOW - 60_000 };
    expect(silence(asked({ request: under(900, 60), ledger: { heartbeats } }))?.reason).toContain('1 minute are the limit of layer 1');
  });

  it('is any silence, where the limit cannot be read (safety 3)', () => {
    expect(silence(asked({ request: under(Number.NaN), ledger: { heartbeats: { alertmanager: NOW } } }))).not.toBeNull();
  });
});

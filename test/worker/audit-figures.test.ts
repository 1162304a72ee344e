import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import { auditFigures } from '../../worker/audit-figures.ts';

const common: Omit<AuditEntry, 'step'> = {
  ...{ at: '2026-03-04T10:05:00.000Z', openedAt: '2026-03-04T10:00:00.000Z', text: 'x', incident: 'outage/prod/ml/Deployment/ranker' },
  ...{ failureType: 'podCrash', mode: 'auto' },
};

/** What is not nought, once these entries were written. */
async function counted(...entries: (Pick<AuditEntry, 'step'> & Partial<AuditEntry>)[]): Promise<string[]> {
  const registry = new Registry();
  const figures = auditFigures(registry, 'prod');
  for (const entry of entries) figures.written({ ...common, ...entry });
  const lines = (await registry.metrics()).split('\n');
  return lines.filter((line) => /^paramedic/.test(line) && !/ 0$/.test(line));
}

const who = { id: 'ann', name: 'ann', way: 'http', groups: [] } as const;

describe('the figures of what incidents do', () => {
  it('count how they begin and end', async () => {
    expect(await counted({ step: 'Opened' }, { step: 'Closed', outcome: 'recovered' }, { step: 'Closed', outcome: 'recovered' })).toEqual([
      'paramedic_incidents_opened_total{cluster="prod",failure_type="podCrash",mode="auto"} 1',
      'paramedic_incidents_closed_total{cluster="prod",failure_type="podCrash",outcome="recovered"} 2',
    ]);
  });

  it('count acts by their verdicts, and those that could not be made, each once', async () => {
    const act = { remedy: 'restart', key: 'k' };
    expect(
      await counted(
        { step: 'Acting', ...act },
        { step: 'Acted', ...act, result: { kind: 'done', text: '' } },
        { step: 'Verified', ...act, result: { kind: 'worse', text: '' } },
        { step: 'NotActed', ...act, result: { kind: 'failed', text: '' } },
        { step: 'Undoing', ...act },
        { step: 'Undone', ...act },
        { step: 'NotUndone', ...act },
      ),
    ).toEqual([
      'paramedic_acts_total{cluster="prod",remedy="restart",result="worse"} 1',
      'paramedic_acts_total{cluster="prod",remedy="restart",result="notActed"} 1',
      'paramedic_undos_total{cluster="prod",remedy="restart",result="undone"} 1',
      'paramedic_undos_total{cluster="prod",remedy="restart",result="left"} 1',
    ]);
  });

  it('tell how long it took until a remedy had cured the target', async () => {
    const lines = await counted({ step: 'Verified', remedy: 'restart', result: { kind: 'recovered', text: '' } });
    expect(lines).toContain('paramedic_recovery_seconds_bucket{le="300",cluster="prod",failure_type="podCrash"} 1');
    expect(lines.find((line) => line.includes('le="120"'))).toBeUndefined();
    expect(lines).toContain('paramedic_recovery_seconds_sum{cluster="prod",failure_type="podCrash"} 300');
  });

  it('count refusals by guard, and decisions by what they came to and by the way; silence came by none', async () => {
    expect(
      await counted(
        { step: 'Refused', guard: 'rate-limit' },
        { step: 'Approved', who },
        { step: 'Rejected', who: { ...who, way: 'slack' } },
        { step: 'Rejected' },
        { step: 'HandedOn', who },
        { step: 'Decided', who },
        { step: 'DecisionRefused', who: { ...who, way: 'webUi' } },
      ),
    ).toEqual([
      'paramedic_refusals_total{cluster="prod",guard="rate-limit"} 1',
      'paramedic_decisions_total{cluster="prod",decision="rejected",way="slack"} 1',
      'paramedic_decisions_total{cluster="prod",decision="approved",way="http"} 1',
      'paramedic_decisions_total{cluster="prod",decision="decided",way="http"} 1',
      'paramedic_decisions_total{cluster="prod",decision="handedOn",way="http"} 1',
      'paramedic_decisions_total{cluster="prod",decision="refused",way="webUi"} 1',
      'paramedic_decisions_total{cluster="prod",decision="silence",way="none"} 1',
    ]);
  });

  it('begin at nought, so that the first event is an increase', async () => {
    const registry = new Registry();
    auditFigures(registry, 'prod').failed();
    const text = await registry.metrics();
    for (const series of [
      'paramedic_incidents_opened_total{cluster="prod",failure_type="dataQuality",mode="observe"} 0',
      'paramedic_incidents_closed_total{cluster="prod",failure_type="dataQuality",outcome="dismissed"} 0',
      'paramedic_acts_total{cluster="prod",remedy="undoPolicy",result="worse"} 0',
      'paramedic_refusals_total{cluster="prod",guard="blast-radius"} 0',
      'paramedic_decisions_total{cluster="prod",decision="silence",way="none"} 0',
      'paramedic_recovery_seconds_count{cluster="prod",failure_type="outOfMemory"} 0',
      'paramedic_audit_failures_total{cluster="prod"} 1',
    ])
      expect(text).toContain(`${series}\n`);
  });
});

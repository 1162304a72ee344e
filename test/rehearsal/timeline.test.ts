import { describe, expect, it } from '@jest/globals';
import { timelineLines } from '../../rehearsal/step-text.ts';
import { type Moment, type Step, type Timeline, timelineDiff, timelineOf } from '../../rehearsal/timeline.ts';
import { ownLimits, waitsOf, withoutWaits } from '../../rehearsal/without-waits.ts';
import { limitLayers } from '../../runbooks/layers.ts';
import { LimitsFile } from '../../runbooks/limits.ts';
import { Runbook } from '../../runbooks/schema.ts';

const RUNBOOK = Runbook.parse({ name: 'test', failureType: 'podCrash', match: { alerts: ['A'] }, remedies: ['restart', 'undoRelease'] });

const looked = (cause: string): Moment => ({
  kind: 'looked',
  diagnosis: { cause, rule: cause, confidence: 'certain', reasons: ['It is seen.'], others: [] } as never,
});

const wrote = (step: string, more: object = {}): Moment => ({
  kind: 'written',
  entry: { at: '2026-03-01T08:00:00Z', step, text: `${step}.`, incident: 'outage/one', ...more } as never,
});

const kinds = (moments: readonly Moment[]) => timelineOf(moments).map((step) => (step.kind === 'found' ? step.cause : step.kind));

describe('a timeline', () => {
  it('tells a cause once, until something was done', () => {
    const acted = wrote('Acted', { remedy: 'restart', result: { kind: 'done', text: '' } });
    expect(kinds([looked('flake'), looked('flake'), acted, looked('flake')])).toEqual(['flake', 'acted', 'flake']);
  });

  it('does not tell a refusal that was waited out', () => {
    const refused = wrote('Refused', { guard: 'rate-limit' });
    expect(kinds([refused, wrote('Acting'), wrote('Escalated')])).toEqual(['escalated']);
    expect(kinds([refused, wrote('Escalated')])).toEqual(['refused', 'escalated']);
  });

  it('tells nothing of what is seen once people are at it', () => {
    expect(kinds([wrote('Escalated'), looked('healthy'), wrote('Closed', { outcome: 'escalated' })])).toEqual(['escalated', 'closed']);
  });

  it('tells what was asked without its id and its time', () => {
    const asked = wrote('Asked', { text: 'Plan d428967d: restart (pod a, failing → a new one), until 2026-11-29T07:56:43.129Z.' });
    expect(timelineOf([asked])).toEqual([{ kind: 'asked', what: 'restart (pod a, failing → a new one)' }]);
  });
});

describe('the difference of two timelines', () => {
  const step = (cause: string): Step => ({ kind: 'found', cause, rule: cause, why: `${cause} as of now` });
  const differ = (was: Timeline, now: Timeline) =>
    timelineDiff(was, now).map((one) => `${one.in} ${one.step.kind === 'found' ? one.step.cause : ''}`);

  it('is none where only sentences are others', () => {
    expect(differ([step('flake')], [{ ...step('flake'), why: 'other words' } as Step])).toEqual(['both flake']);
  });

  it('keeps what they have in common at both ends', () => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(step) as [Step, Step, Step, Step];
    expect(differ([a, b, d], [a, c, d])).toEqual(['both a', 'was b', 'now c', 'both d']);
    expect(differ([a, d], [a, b, d])).toEqual(['both a', 'now b', 'both d']);
    expect(differ([a, b], [a])).toEqual(['both a', 'was b']);
    expect(differ([], [a])).toEqual(['now a']);
  });
});

describe('a rehearsal', () => {
  it('waits for nothing on purpose, and changes nothing else of a runbook', () => {
    const quick = withoutWaits(RUNBOOK, false);
    expect(waitsOf(quick)).toEqual({ settle: 0, verify: 0, stable: 0, backoff: [0, 0], answer: 1 });
    const { settleSeconds, alertEndsSeconds, flapping, attempts, verify, patienceSeconds, approval, escalation, slackChannel } = RUNBOOK;
    expect({
      ...quick,
      ...{ settleSeconds, alertEndsSeconds, flapping, verify, patienceSeconds, escalation, slackChannel },
      attempts: { ...attempts, max: quick.attempts.max },
      approval: { ...quick.approval, withinSeconds: approval.withinSeconds },
    }).toEqual(RUNBOOK);
  });

  it('keeps within every limit that hangs on the incident itself', () => {
    const given = { freezes: [{ kind: 'once', reason: 'r', from: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z' }] };
    const layers = limitLayers(LimitsFile.parse({ cluster: given, namespaces: { ml: { rollbackDepth: 0 } } }), RUNBOOK, 'ml');
    const [cluster, namespace] = ownLimits(layers);
    const { freezes: _freezes, silenceSeconds: _silence, rates, ...others } = layers[0]!.limits;
    const { allClusters: _all, ...own } = rates!;
    expect(cluster).toEqual({ from: 'the cluster', limits: { ...others, rates: own } });
    expect(namespace).toEqual(layers[1]);
  });

  it('tells what would have been waited for', () => {
    const steps: Timeline = ['first', 'second'].flatMap((why): Step[] => [
      { kind: 'acted', remedy: 'restart', result: 'done', why: '' },
      { kind: 'verified', remedy: 'restart', verdict: 'notRecovered', why },
    ]);
    expect(timelineLines(steps, waitsOf(RUNBOOK))).toEqual([
      '(not waited: 30 s to heal by itself)',
      'restart: done',
      '(not waited: until it is well for 60 s, for 300 s at most)',
      'verdict on restart: notRecovered: first',
      '(not waited: 30 s before another attempt)',
      'restart: done',
      '(not waited: until it is well for 60 s, for 300 s at most)',
      'verdict on restart: notRecovered: second',
    ]);
  });
});

import fc from 'fast-check';
import type { ActOutcome } from '../../guards/ledger/ledger.ts';
import type { LimitLayer } from '../../guards/limits.ts';
import type { OfficeNews } from '../../guards/office.ts';
import type { RemedyName } from '../../incident/remedy.ts';
import type { Suspect } from '../../incident/suspect.ts';
import type { Target } from '../../incident/target.ts';

/** What happens next in a story. `who` is one of the incidents. */
export type Command =
  | { readonly kind: 'wait'; readonly ms: number }
  /** Temporal's clock is so far from the true time, from now on. */
  | { readonly kind: 'clock'; readonly skewMs: number }
  /** The office is carried over to its next run. */
  | { readonly kind: 'restart' }
  /** Asks for leave; for the same leave again while it has one. */
  | { readonly kind: 'ask'; readonly who: number; readonly remedy: RemedyName }
  | { readonly kind: 'act'; readonly who: number }
  /** Writes a report, which the office gets with the incident's next message. */
  | { readonly kind: 'report'; readonly who: number; readonly outcome: ActOutcome }
  | { readonly kind: 'post'; readonly who: number }
  | { readonly kind: 'fail'; readonly who: number }
  | { readonly kind: 'leave'; readonly who: number; readonly isOver: boolean }
  /** Ends without a word. */
  | { readonly kind: 'vanish'; readonly who: number }
  /** Those that vanished are noticed. */
  | { readonly kind: 'notice' }
  /** A person brings a new version, or the newest again. */
  | { readonly kind: 'promote'; readonly who: number; readonly isNew: boolean }
  /** A person tells the office. */
  | { readonly kind: 'tell'; readonly news: OfficeNews };

const target = (namespace: string, kind: Target['kind'], name: string): Target => ({ cluster: 'prod', namespace, kind, name });
const image: Suspect = { kind: 'image', name: 'base:9' };

/** The incidents: what each is about, and under which runbook. Two are about one target, and two about an owner and what it owns. */
export const SLOTS = [
  { target: target('a', 'InferenceService', 'churn'), runbook: 'model-serving-failure', suspects: [image] },
  { target: target('a', 'Deployment', 'churn-predictor'), runbook: 'pod-crash', suspects: [image] },
  { target: target('a', 'Deployment', 'x'), runbook: 'pod-crash', suspects: [image] },
  { target: target('b', 'Deployment', 'y'), runbook: 'pod-crash', suspects: [image] },
  { target: target('b', 'Deployment', 'z'), runbook: 'out-of-memory', suspects: [] },
  { target: target('a', 'Deployment', 'x'), runbook: 'out-of-memory', suspects: [] },
];

export const RELATED: Readonly<Record<string, readonly string[]>> = {
  'a/InferenceService/churn': ['a/Deployment/churn-predictor'],
  'a/Deployment/churn-predictor': ['a/InferenceService/churn'],
};

const REMEDIES: readonly RemedyName[] = ['restart', 'restart', 'undoRelease'];
const who = fc.nat(SLOTS.length - 1);
const remedy = fc.constantFrom(...REMEDIES);
const outcome = fc.constantFrom<ActOutcome>('recovered', 'recovered', 'recovered', 'ineffective', 'failed', 'inconclusive');
const wait = fc
  .oneof(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 0, max: 900_000 }))
  .map((ms): Command => ({ kind: 'wait', ms }));

/** One whole attempt, as most go. */
const attempt = fc.record({ who, remedy, outcome, took: fc.integer({ min: 0, max: 90_000 }) }).map((it): Command[] => [
  { kind: 'fail', who: it.who },
  { kind: 'ask', who: it.who, remedy: it.remedy },
  { kind: 'act', who: it.who },
  { kind: 'wait', ms: it.took },
  { kind: 'report', who: it.who, outcome: it.outcome },
  { kind: 'post', who: it.who },
]);

const single: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: wait },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('ask' as const), who, remedy }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('act' as const), who }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('report' as const), who, outcome }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('post' as const), who }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fail' as const), who }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('leave' as const), who, isOver: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('vanish' as const), who }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('promote' as const), who, isNew: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constantFrom<Command>({ kind: 'notice' }, { kind: 'restart' }) },
);

const thaw: OfficeNews = { kind: 'thaw', of: null };
const freeze = (namespace: string | null): OfficeNews => ({
  kind: 'freeze',
  freeze: { namespace, runbook: null, by: 'mia', reason: '', untilMs: null },
});
const reset = (of: string): OfficeNews => ({ kind: 'reset', of, by: 'mia' });
const people = fc
  .constantFrom(
    ...[thaw, thaw, thaw, freeze(null), freeze('a'), freeze('b')],
    ...[reset('remedy restart'), reset('target a/Deployment/x'), reset('runbook pod-crash')],
  )
  .map((news): Command => ({ kind: 'tell', news }));

const clock = fc
  .oneof(fc.constant(0), fc.constant(0), fc.integer({ min: -100_000, max: 100_000 }), fc.integer({ min: -9e8, max: 9e8 }))
  .map((skewMs): Command => ({ kind: 'clock', skewMs }));

/** Stories of incidents alone, with people who stop and vouch, or with a clock that is put forward and back. */
export function storyOf(also: 'nobody' | 'people' | 'clocks'): fc.Arbitrary<readonly Command[]> {
  const one = fc.oneof({ weight: 3, arbitrary: attempt }, { weight: 5, arbitrary: single.map((command) => [command]) });
  const rare = { people, clocks: clock, nobody: wait }[also].map((command) => [command]);
  const arbitrary = fc.oneof({ weight: 8, arbitrary: one }, { weight: 1, arbitrary: rare });
  return fc.array(arbitrary, { minLength: 20, maxLength: 100, size: 'max' }).map((parts) => parts.flat());
}

const max = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 3, max: 8 }));
const seconds = fc.constantFrom(600, 900, 1_800);
const rate = fc.record({ max, perSeconds: seconds });
const breaker = fc.record({ failures: max, withinSeconds: seconds, openSeconds: fc.constantFrom(60, 300) });
const partly = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
const limits = fc.record({
  rates: fc.record({ remedy: partly(rate), namespace: partly(rate), cluster: partly(rate) }),
  target: partly(rate),
  breakers: fc.record({ target: partly(breaker), remedy: partly(breaker), runbook: partly(breaker) }),
  cures: partly(rate),
  rollbackDepth: partly(fc.integer({ min: 0, max: 3 })),
});

export const RELAPSE_SECONDS = 1_200;
export const STORM = { targets: 4, withinSeconds: 300 };

/** Limits of several layers; what is given in one holds together with what is given in the others. */
export const layers: fc.Arbitrary<readonly LimitLayer[]> = fc.array(limits, { minLength: 1, maxLength: 2 }).map((all) =>
  all.map((one, index) => ({
    from: `layer ${index}`,
    limits: { ...one, ...(index === 0 ? { relapseSeconds: RELAPSE_SECONDS, storm: STORM } : {}) },
  })),
);

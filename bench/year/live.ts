import { EMPTY_LEDGER, type Ledger } from '../../guards/ledger/ledger.ts';
import { ask, hear } from '../../guards/office.ts';
import type { Tried, TryEnd } from '../../incident/experience/lesson.ts';
import { learned } from '../../incident/experience/lessons.ts';
import { orderRungs } from '../../incident/experience/order.ts';
import { type Experience, NO_EXPERIENCE } from '../../incident/experience/record.ts';
import { windowsFor } from '../../incident/experience/windows.ts';
import type { Rung } from '../../incident/remedy.ts';
import type { Target } from '../../incident/target.ts';
import { parseRunbook } from '../../runbooks/load.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import { read, request, surroundings } from '../../test/guards/asked.ts';
import { type Case, dayOf } from './world.ts';

/** How the next rung is chosen: as the runbook lists them, by what was learned, or by what is true, which nobody can know. */
export type Choice = 'fixed' | 'learned' | 'all-knowing';

/** An act that the guards granted. */
export interface GrantedAct {
  readonly atMs: number;
  readonly target: string;
  readonly remedy: Rung;
  /** The number of its incident. */
  readonly incident: number;
}

/** What became of a year. */
export interface Lived {
  readonly incidents: number;
  /** Recovered by the first act. */
  readonly atFirst: number;
  readonly recovered: number;
  /** Acts that made it worse. */
  readonly worse: number;
  /** Cures that came when health was no longer waited for, though by the runbook it would have been. */
  readonly cutOff: number;
  /** Seconds from the failure to the recovery, of those that recovered. */
  readonly seconds: readonly number[];
  readonly granted: readonly GrantedAct[];
}

const TEXT = '{ name: year, failureType: podCrash, match: { alerts: [A] }, mode: auto, remedies: [restart] }';
const RUNBOOK = parseRunbook('year', TEXT).runbooks[0]!;
const RELAPSE_SECONDS = 1_800;
const AGAIN_AFTER_MS = 600_000;
const SEEN_WORSE_SECONDS = 30;
const OUTCOMES = { recovered: 'recovered', failed: 'ineffective', worse: 'failed', late: 'ineffective', unknown: 'inconclusive' } as const;

/** Lives through a year by the runbook's defaults and the shipped limits, as an incident's workflow and the permit office do. */
export function live(cases: readonly Case[], choice: Choice, learning: Runbook['learning'] = RUNBOOK.learning): Lived {
  const { stableSeconds, timeoutSeconds } = RUNBOOK.verify;
  const { attempts, patienceSeconds } = RUNBOOK;
  const times = { stableSeconds, inVainSeconds: timeoutSeconds + attempts.backoffFirstSeconds };
  let known: Experience = NO_EXPERIENCE;
  let ledger: Ledger = { ...EMPTY_LEDGER, latestMs: cases[0]!.atMs };
  const total = { incidents: 0, atFirst: 0, recovered: 0, worse: 0, cutOff: 0 };
  const seconds: number[] = [];
  const granted: GrantedAct[] = [];

  cases.forEach((one, number) => {
    const { tried, curedMs, endMs } = through(one, number);
    total.incidents++;
    if (curedMs !== null) {
      total.recovered++;
      if (tried.length === 1) total.atFirst++;
      seconds.push((curedMs - one.atMs) / 1000);
    }
    if (choice === 'learned') teach(one, number, tried, curedMs, endMs);
  });
  return { ...total, seconds, granted };

  function through(one: Case, number: number) {
    const incident = { incident: `outage/${one.target}`, run: String(number) };
    const tried: Tried[] = [];
    let nowMs = one.atMs;
    let curedMs: number | null = null;
    for (let left = one.failure.ladder; left.length > 0; ) {
      const [rung] = ordered(left, one, nowMs);
      const permitMs = rung === undefined ? null : permitted(one, number, rung, tried.length, nowMs);
      if (rung === undefined || permitMs === null) break;
      left = left.filter((other) => other !== rung);
      const { end, endMs } = act(one, rung, permitMs);
      tried.push({ cause: one.failure.cause, remedy: rung, ...end, isFirst: tried.length === 0 });
      ledger = hear(ledger, { kind: 'report', report: { id: `${number}/${rung}`, outcome: OUTCOMES[end.end], actedMs: permitMs } }, endMs);
      nowMs = endMs;
      if (end.end === 'recovered') curedMs = endMs;
      if (end.end === 'recovered' || end.end === 'worse') break;
    }
    ledger = hear(ledger, { kind: 'left', incident, isOver: true }, nowMs);
    return { tried, curedMs, endMs: nowMs };
  }

  function ordered(left: readonly Rung[], { failure, atMs, target }: Case, nowMs: number): readonly Rung[] {
    const rateOf = (rung: Rung) => failure.rates[rung]![dayOf(atMs)]!;
    if (choice === 'fixed') return left;
    if (choice === 'all-knowing') return left.toSorted((one, other) => rateOf(other) - rateOf(one));
    const rows = known.rows.filter(({ cause }) => cause === failure.cause);
    return orderRungs(left, { rows, target: `ml/Deployment/${target}`, nowMs }, learning, times).rungs;
  }

  /** When the guards let it be done; null where they do not within the patience of an incident. */
  function permitted({ target }: Case, number: number, rung: Rung, attemptsMade: number, fromMs: number): number | null {
    for (let nowMs = fromMs; nowMs <= fromMs + patienceSeconds * 1000; ) {
      const about = { incident: `outage/${target}`, run: String(number), id: `${number}/${rung}`, target: targetOf(target), remedy: rung };
      const seen = surroundings({ readAtMs: nowMs, apiServerMs: read(nowMs) });
      const answer = ask(ledger, 'cluster', request({ ...about, attemptsMade, attempts, surroundings: seen }), nowMs);
      ledger = answer.ledger;
      if (answer.permit.kind === 'granted') {
        granted.push({ atMs: nowMs, target, remedy: rung, incident: number });
        return nowMs;
      }
      if (answer.permit.retryAtMs === null) return null;
      nowMs = Math.max(answer.permit.retryAtMs, nowMs + 1000);
    }
    return null;
  }

  function act({ ends, failure }: Case, rung: Rung, actedMs: number) {
    const truth = ends[rung]!;
    const row = known.rows.find(({ cause, remedy }) => cause === failure.cause && remedy === rung);
    const { windows } = windowsFor(RUNBOOK.verify, row, learning, actedMs);
    const isSeen = truth.cures && truth.seconds <= windows.timeoutSeconds;
    const end: TryEnd = truth.harms ? 'worse' : isSeen ? 'recovered' : truth.cures ? 'late' : 'failed';
    if (end === 'worse') total.worse++;
    if (end === 'late' && truth.seconds <= timeoutSeconds) total.cutOff++;
    const took = { worse: SEEN_WORSE_SECONDS, recovered: truth.seconds + windows.stableSeconds };
    const endMs = actedMs + 1000 * (end === 'worse' || end === 'recovered' ? took[end] : windows.timeoutSeconds);
    return { end: { end, seconds: isSeen ? truth.seconds : null }, endMs };
  }

  function teach({ target, atMs, ends }: Case, number: number, tried: readonly Tried[], curedMs: number | null, nowMs: number): void {
    const of = { incident: `outage/${target}`, target: targetOf(target), decisions: [], observed: null, relapseSeconds: RELAPSE_SECONDS };
    known = learned(known, { ...of, run: String(number), openedMs: atMs, curedMs, tried }, nowMs);
    const cure = tried.at(-1)?.remedy as Rung | undefined;
    if (curedMs === null || cure === undefined || ends[cure]!.lasts) return;
    // It fails again, and then heals by itself.
    const again = { ...of, run: `${number}/again`, openedMs: curedMs + AGAIN_AFTER_MS, curedMs: null, tried: [] };
    known = learned(known, again, curedMs + AGAIN_AFTER_MS);
  }
}

function targetOf(name: string): Target {
  return { cluster: 'prod', namespace: 'ml', kind: 'Deployment', name };
}

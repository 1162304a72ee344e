import { setTimeout as pause } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { endOf, remediesOf } from '../../../drills/end-of.ts';
import type { Played } from '../../../drills/judge.ts';
import type { Answer } from '../../../incident/approval.ts';
import { asked, decide } from '../../../workflows/messages.ts';
import type { Stage } from '../stage.ts';
import { failingChecks, type Judged } from './checks.ts';
import { type IncidentSeen, incidentIn, type SentAlert } from './incidents.ts';
import type { PackedScenario } from './read-pack.ts';

const LOOK_EVERY_MS = 700;
/** So long nothing may be changed where something is to be left alone. */
const QUIET_MS = 15_000;
/** An incident that hears that its alert is over ends within this. */
const CLOSE_MS = 20_000;

/** What a scenario's incident is followed with. */
interface Followed {
  readonly scenario: PackedScenario;
  readonly namespace: string;
  readonly alert: SentAlert;
  readonly judged: Judged;
}

/** Fires the alert, follows the incident to its end, and says that the alert is over once it is. */
export async function follow(stage: Stage, followed: Followed): Promise<Omit<Played, 'writes'>> {
  const { scenario, namespace, alert, judged } = followed;
  const { expect, timeoutSeconds, failureType } = scenario;
  const began = Date.now();
  let overAtMs: number | null = null;
  let seen: IncidentSeen | null = null;
  let handedOver = false;
  let healed = false;
  let decided = false;
  await alert.fire();
  while (Date.now() - began < timeoutSeconds * 1000) {
    seen = await incidentIn(stage, namespace, failureType, alert.fingerprint);
    if (seen?.outcome) break;
    if (seen && scenario.decide && !decided) decided = await answer(seen.handle, scenario.decide);
    handedOver ||= seen?.phase === 'escalated' || (seen?.phase === 'asking' && !scenario.decide);
    healed ||= expect.end === 'healed' && !handedOver && (await failingChecks(scenario.check, judged)).length === 0;
    const isQuiet = expect.end === 'leftAlone' && Date.now() - began > QUIET_MS;
    const isCarriedOut = decided && seen?.phase === 'watching';
    if (overAtMs === null && (handedOver || healed || isCarriedOut || isQuiet)) {
      overAtMs = Date.now();
      await alert.resolve();
    }
    // An alert of Prometheus is not ours to resolve, and what waits for a person need not end at all.
    if (overAtMs !== null && !healed && Date.now() - overAtMs > CLOSE_MS) break;
    await pause(LOOK_EVERY_MS);
  }
  const outcome = seen?.outcome ?? null;
  if (seen && !outcome) await seen.handle.terminate('The scenario is over.').catch(() => {});
  return {
    cause: outcome?.diagnosis?.cause ?? seen?.cause ?? null,
    end: endOf(outcome, seen !== null, handedOver || (decided && outcome?.kind !== 'recovered'), expect.end === 'leftAlone'),
    remedies: remediesOf(outcome),
    seconds: overAtMs === null && !outcome ? null : Math.round(((overAtMs ?? Date.now()) - began) / 100) / 10,
    said: outcome?.reason ?? null,
    failing: await failingChecks(scenario.check, judged),
  };
}

/** Answers what the incident asks; false as long as it asks nothing. */
async function answer(handle: WorkflowHandle, decision: Answer): Promise<boolean> {
  const question = await handle.query(asked);
  if (question === null || question.decision !== null) return false;
  await handle.executeUpdate(decide, { args: [{ plan: question.id, decision, by: 'a person', reason: 'The scenario says so.' }] });
  return true;
}

import {
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  type SignalDefinition,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Report } from '../guards/ledger/leases.ts';
import type { Permit } from '../guards/permit.ts';
import type { PermitRequest } from '../guards/request.ts';
import { type IncidentRun, permitOfficeWorkflowId } from '../incident/incident.ts';
import type { Suspect } from '../incident/suspect.ts';
import { openPermitOffice } from './calls.ts';
import { failureSeen, type IncidentInput, incidentLeft, permitAnswered, permitAsked, permitReported } from './messages.ts';
import { settled } from './settled.ts';

const ANSWER_WITHIN = '1m';
const QUESTIONS_MAX = 3;
const ASK_AGAIN_MS = 60_000;

/** The incident's side of the permit offices: that of its cluster, and that of all clusters. */
export interface Permits {
  readonly incident: IncidentRun;
  /** Tells that the target fails, and what it may share with others that do. */
  failing(suspects: readonly Suspect[]): Promise<void>;
  /** Asks for leave; granted only by both offices. What cannot be asked is refused. */
  ask(request: PermitRequest): Promise<Permit>;
  report(report: Report): Promise<void>;
  /** Lets go of the target. @param isOver it no longer fails */
  leave(isOver: boolean): Promise<void>;
}

export function openPermits({ target: { cluster }, target, limits }: IncidentInput): Permits {
  const { workflowId, runId } = workflowInfo();
  const incident: IncidentRun = { incident: workflowId, run: runId };
  const answers = new Map<number, Permit>();
  let questions = 0;
  let isKnown = false;
  setHandler(permitAnswered, ({ number, permit }) => {
    answers.set(number, permit);
  });

  async function askOffice(office: string | null, request: PermitRequest): Promise<Permit> {
    for (let times = 0; times < QUESTIONS_MAX; times++) {
      const number = ++questions;
      if ((await tell(office, permitAsked, { request, number })) && (await condition(() => answers.has(number), ANSWER_WITHIN)))
        return answers.get(number)!;
    }
    const reason = 'The permit office does not answer, and nothing is done without it.';
    return { kind: 'refused', guard: 'record', reason, retryAtMs: Date.now() + ASK_AGAIN_MS };
  }

  async function report(one: Report): Promise<void> {
    for (const office of [cluster, null]) await tell(office, permitReported, one);
  }

  return {
    incident,
    async failing(suspects) {
      isKnown = true;
      await tell(cluster, failureSeen, { ...incident, target, suspects, limits });
    },
    async ask(request) {
      for (const office of [cluster, null]) {
        const permit = await askOffice(office, request);
        if (permit.kind === 'granted') continue;
        // An answer may still come too late, or another office may have granted it.
        await report({ id: request.id, outcome: 'unused', actedMs: null });
        return permit;
      }
      return { kind: 'granted' };
    },
    report,
    async leave(isOver) {
      // The offices never heard of an incident that found nothing wrong.
      if (isKnown) for (const office of [cluster, null]) await tell(office, incidentLeft, { ...incident, isOver });
    },
  };
}

/**
 * Signals an office, which is opened where there is none. Returns whether it could be told: one that was not grants nothing, and finds
 * out by itself what it was to be told of an incident that has ended.
 */
async function tell<T>(office: string | null, signal: SignalDefinition<[T]>, value: T): Promise<boolean> {
  const handle = getExternalWorkflowHandle(permitOfficeWorkflowId(office));
  const isTold = () =>
    handle.signal(signal, value).then(
      () => true,
      (error) => {
        if (isCancellation(error)) throw error;
        return false;
      },
    );
  if (await isTold()) return true;
  const opened = await settled(() => openPermitOffice(office));
  return opened.kind === 'done' && isTold();
}

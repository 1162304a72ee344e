import { ActivityFailure, CancellationScope, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { Report } from '../guards/ledger/leases.ts';
import type { LimitLayer } from '../guards/limits.ts';
import type { Permit } from '../guards/permit.ts';
import type { PermitRequest } from '../guards/request.ts';
import type { IncidentRun } from '../incident/incident.ts';
import { type Suspect, suspectText } from '../incident/suspect.ts';
import { sayToOffice } from './calls.ts';
import type { IncidentInput, Saying } from './messages.ts';

const ASK_AGAIN_MS = 60_000;
const TELL_AGAIN_MS = 60_000;

/** The office of a cluster; null: that of what all clusters share. */
type Office = string | null;

/** The incident's side of the permit offices: that of its cluster, and that of all clusters. */
export interface Permits {
  readonly incident: IncidentRun;
  /** Tells that the target fails, and what it may share with others that do. @param limits by which it is a relapse, or part of a storm */
  failing(suspects: readonly Suspect[], limits: readonly LimitLayer[]): Promise<void>;
  /** Asks for leave; granted only by both offices. What cannot be asked is refused. */
  ask(request: PermitRequest): Promise<Permit>;
  report(report: Report): Promise<void>;
  /** Lets go of the target. @param isOver it no longer fails */
  leave(isOver: boolean): Promise<void>;
}

export function openPermits({ target: { cluster }, target }: IncidentInput): Permits {
  const { workflowId, runId } = workflowInfo();
  const incident: IncidentRun = { incident: workflowId, run: runId };
  const offices: readonly Office[] = [cluster, null];
  /** Offices that know of the incident. */
  const knowing = new Set<Office>();
  let told: { readonly suspects: string; readonly atMs: number } | null = null;

  async function giveBack(id: string, from: readonly Office[]): Promise<void> {
    for (const office of from) await say(office, { kind: 'report', report: { id, outcome: 'unused', actedMs: null } });
  }

  return {
    incident,

    async failing(suspects, limits) {
      const text = suspects.map(suspectText).join();
      if (told?.suspects === text && Date.now() - told.atMs < TELL_AGAIN_MS) return;
      knowing.add(cluster);
      told = { suspects: text, atMs: Date.now() };
      await say(cluster, { kind: 'failure', seen: { ...incident, target, suspects, limits } });
    },

    /** What granted, or may yet grant, when another refuses hears that its permit is not used. */
    async ask(request) {
      const asked: Office[] = [];
      try {
        for (const office of offices) {
          asked.push(office);
          knowing.add(office);
          const permit = await say(office, { kind: 'ask', request });
          if (permit?.kind === 'granted') continue;
          await giveBack(request.id, permit === null ? asked : asked.slice(0, -1));
          return permit ?? noAnswer();
        }
        return { kind: 'granted' };
      } catch (error) {
        if (isCancellation(error)) await CancellationScope.nonCancellable(() => giveBack(request.id, asked));
        throw error;
      }
    },

    async report(report) {
      for (const office of offices) await say(office, { kind: 'report', report });
    },

    async leave(isOver) {
      // The offices never heard of an incident that found nothing wrong.
      for (const office of knowing) await say(office, { kind: 'left', incident, isOver });
      // That of all clusters keeps nothing of it now; that of its own keeps that the target fails, until it is over.
      knowing.delete(null);
    },
  };
}

/** The answer; null when there is none, or none came. What an office was not told, it sees once the incident is over. */
async function say(office: Office, saying: Saying): Promise<Permit | null> {
  try {
    return await sayToOffice(`Permit office: ${SUMMARIES[saying.kind]}`, office, saying);
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    return null;
  }
}

const SUMMARIES: Readonly<Record<Saying['kind'], string>> = {
  ask: 'ask for leave',
  report: 'report what became of it',
  failure: 'tell that the target fails',
  left: 'let go',
  demote: 'tell what a machine may not do alone',
};

function noAnswer(): Permit {
  const reason = 'The permit office does not answer, and nothing is done without it.';
  return { kind: 'refused', guard: 'record', reason, retryAtMs: Date.now() + ASK_AGAIN_MS };
}

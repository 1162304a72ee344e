import { activityInfo, heartbeat, sleep } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Workloads } from '../clients/kubernetes/workloads.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { healthOf } from '../diagnosis/health.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Evidence } from '../incident/evidence.ts';
import type { Action, RemedyName } from '../incident/remedy.ts';
import type { Target } from '../incident/target.ts';
import type { Verdict } from '../incident/verdict.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { asActivityFailure, TARGET_CHANGED } from './failures.ts';

const LOOK_EVERY_MS = 1_000;

/** What was seen of a target and what it means. */
export interface Examination {
  readonly diagnosis: Diagnosis;
  readonly evidence: Evidence;
}

/** One application of a remedy: the plan, bound to the state it was made for. */
export interface RemedyRequest {
  readonly target: Target;
  readonly remedy: RemedyName;
  readonly key: string;
  readonly evidence: Evidence;
  readonly memory: Runbook['memory'];
}

export function healingActivities(workloads: Workloads) {
  return {
    examine(target: Target): Promise<Examination> {
      return asActivityFailure(async () => {
        const evidence = await workloads.observe(target);
        return { diagnosis: diagnose(evidence), evidence };
      });
    },

    /** Acts once per key: a repetition finds the key on the workload and only reports. */
    applyRemedy(request: RemedyRequest): Promise<Action> {
      return asActivityFailure(async () => {
        const { target, remedy, key } = request;
        if ((await workloads.lastActionKey(target)) === key) {
          return { remedy, key, before: 'see the first try', after: 'already applied by an earlier try' };
        }
        return { remedy, key, ...(await act(workloads, request)) };
      });
    },

    /** Looks until the target was healthy for the whole window, or until patience ends. */
    async awaitRecovery(target: Target, limits: Runbook['verify']): Promise<Verdict> {
      const deadline = activityInfo().scheduledTimestampMs + limits.timeoutSeconds * 1000;
      let healthySince: number | null = null;
      for (;;) {
        const verdict = await look(workloads, target);
        const now = Date.now();
        healthySince = verdict.kind === 'recovered' ? (healthySince ?? now) : null;
        if (healthySince !== null && now - healthySince >= limits.stableSeconds * 1000) return verdict;
        if (now >= deadline && healthySince === null) return verdict;
        heartbeat();
        await sleep(LOOK_EVERY_MS);
      }
    },
  };
}

/** What cannot be read is neither healthy nor unhealthy. */
async function look(workloads: Workloads, target: Target): Promise<Verdict> {
  try {
    return healthOf(await workloads.observe(target));
  } catch (error) {
    return { kind: 'unknown', reason: error instanceof Error ? error.message : String(error) };
  }
}

async function act(workloads: Workloads, { target, remedy, key, evidence, memory }: RemedyRequest) {
  switch (remedy) {
    case 'undoRelease':
      return workloads.undoRelease(target, evidence.generation, key);
    case 'raiseMemory': {
      const killed = evidence.pods.flatMap((pod) => pod.containers).find((one) => one.lastExit?.reason === 'OOMKilled');
      const limit = killed?.memoryLimitMi ?? null;
      if (!killed || limit === null) throw refused('No container with a memory limit was seen OOM-killed.');
      const raised = Math.min(memory.ceilingMi, Math.ceil(limit * memory.factor));
      if (raised <= limit) throw refused(`${killed.name} is at ${limit} Mi and the ceiling is ${memory.ceilingMi} Mi.`);
      return workloads.raiseMemory(target, evidence.generation, key, killed.name, raised);
    }
    case 'restart': {
      const sick = evidence.pods.find((pod) => !pod.ready && pod.containers.some((one) => one.waiting !== null));
      if (!sick) throw refused('No failing pod was seen.');
      await workloads.deletePod(target.namespace, sick.name, sick.uid);
      return { before: `pod ${sick.name} failing`, after: `pod ${sick.name} deleted; its controller makes a new one` };
    }
    default:
      return remedy satisfies never;
  }
}

function refused(reason: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(`Nothing was changed: ${reason}`, TARGET_CHANGED);
}

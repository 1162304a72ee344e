import { type ActivityOptions, proxyActivities } from '@temporalio/workflow';
import type { healingActivities } from '../activities/healing.ts';
import type { tellingActivities } from '../activities/telling.ts';
import type { Runbook } from '../runbooks/schema.ts';

type Healing = ReturnType<typeof healingActivities>;
type Telling = ReturnType<typeof tellingActivities>;

/** Timeouts and retries by kind of call. A failing call is retried here; a failing cure is the workflow's matter. */
const retry = { initialInterval: '1s', maximumInterval: '30s', backoffCoefficient: 2 } as const;

export const { examine } = proxyActivities<Pick<Healing, 'examine'>>({
  startToCloseTimeout: '20s',
  retry,
  summary: 'Collect evidence and name the cause',
});

export const { applyRemedy } = proxyActivities<Pick<Healing, 'applyRemedy'>>({
  startToCloseTimeout: '30s',
  retry,
  summary: 'Act on the target',
});

export const { escalate } = proxyActivities<Pick<Telling, 'escalate'>>({
  startToCloseTimeout: '15s',
  retry: { ...retry, maximumInterval: '5m' },
  summary: 'Tell a person',
});

export const { audit } = proxyActivities<Pick<Telling, 'audit'>>({ startToCloseTimeout: '15s', retry, summary: 'Write the audit trail' });

/** The look that lasts: its limits come from the runbook. */
export function awaitRecovery(limits: Runbook['verify']): Healing['awaitRecovery'] {
  const options: ActivityOptions = {
    startToCloseTimeout: `${limits.timeoutSeconds + 2 * limits.stableSeconds + 30}s`,
    heartbeatTimeout: '20s',
    retry,
    summary: `Verify: healthy for ${limits.stableSeconds} s within ${limits.timeoutSeconds} s`,
  };
  return proxyActivities<Pick<Healing, 'awaitRecovery'>>(options).awaitRecovery;
}

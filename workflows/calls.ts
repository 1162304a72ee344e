import { ActivityCancellationType, type ActivityOptions, proxyActivities } from '@temporalio/workflow';
import type { bringingActivities } from '../activities/bringing.ts';
import type { confirmingActivities } from '../activities/confirming.ts';
import type { digestingActivities } from '../activities/digesting.ts';
import type { healingActivities } from '../activities/healing.ts';
import type { learningActivities } from '../activities/learning.ts';
import type { permitActivities } from '../activities/permits.ts';
import type { qualityActivities } from '../activities/quality.ts';
import type { showingActivities } from '../activities/showing.ts';
import type { surveyingActivities } from '../activities/surveying.ts';
import type { tellingActivities } from '../activities/telling.ts';
import type { watchingActivities } from '../activities/watching.ts';
import type { Permit } from '../guards/permit.ts';
import type { Runbook } from '../runbooks/schema.ts';
import type { Saying } from './messages.ts';
import type { Patience } from './telling.ts';

type Confirming = ReturnType<typeof confirmingActivities>;
type Digesting = ReturnType<typeof digestingActivities>;
type Healing = ReturnType<typeof healingActivities>;
type Permitting = ReturnType<typeof permitActivities>;
type Surveying = ReturnType<typeof surveyingActivities>;
type Weighing = ReturnType<typeof qualityActivities>;
type Telling = ReturnType<typeof tellingActivities>;

/** Timeouts and retries by kind of call. A failing call is retried here; a failing cure is the workflow's matter. */
const retry = { initialInterval: '1s', maximumInterval: '30s', backoffCoefficient: 2 } as const;

/** A read of the cluster: worth waiting for as long as an API server may be away, then a person's matter. */
export const { examine } = proxyActivities<Pick<Healing, 'examine'>>({
  startToCloseTimeout: '20s',
  scheduleToCloseTimeout: '30m',
  retry,
  summary: 'Diagnose: collect evidence and name the cause',
});

/** Its evidence is what a person decides by, so that it is as worth waiting for. */
export const { weighQuality } = proxyActivities<Pick<Weighing, 'weighQuality'>>({
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '30m',
  retry,
  summary: 'Weigh: what is complained about, what changed, and what could be done',
});

const planTimeouts = withTimeouts('20s', '10m');
const planning = proxyActivities<Pick<Healing, 'planAct'>>(planTimeouts);

export const planAct = (summary: string, ...args: Parameters<Healing['planAct']>) =>
  planning.planAct.executeWithOptions({ ...planTimeouts, summary }, args);

export const { readSurroundings } = proxyActivities<Surveying>({
  ...withTimeouts('30s', '10m'),
  summary: 'Look at what stands around the plan',
});

/** Without an office nothing is done; one that cannot be asked for so long is a person's matter. */
const sayingTimeouts = withTimeouts('60s', '10m');
const saying = proxyActivities<Pick<Permitting, 'sayToOffice'>>(sayingTimeouts);

export const sayToOffice = (summary: string, office: string | null, one: Saying) =>
  saying.sayToOffice.executeWithOptions({ ...sayingTimeouts, summary }, [office, one]) as Promise<Permit | null>;

export const { closedIncidents } = proxyActivities<Pick<Permitting, 'closedIncidents'>>({
  ...withTimeouts('60s', '10m'),
  summary: 'Ask which incidents have ended',
});

/** A write is retried under its key for a while; after that its outcome is not known, and the target is looked at instead. */
const writeTimeouts = withTimeouts('30s', '10m');
const writing = proxyActivities<Pick<Healing, 'applyPlan' | 'undoAct'>>(writeTimeouts);

export const applyPlan = (summary: string, ...args: Parameters<Healing['applyPlan']>) =>
  writing.applyPlan.executeWithOptions({ ...writeTimeouts, summary }, args);

export const undoAct = (summary: string, ...args: Parameters<Healing['undoAct']>) =>
  writing.undoAct.executeWithOptions({ ...writeTimeouts, summary }, args);

export const { confirmModelVersion } = proxyActivities<Confirming>({
  ...withTimeouts('60s', '1h'),
  summary: 'Confirm: quarantine the bad version, move the aliases in the model registry',
});

/** Nobody waits for it but the incident that teaches, and not for long. */
export const { learn } = proxyActivities<ReturnType<typeof learningActivities>>({
  startToCloseTimeout: '15s',
  scheduleToCloseTimeout: '2m',
  retry,
  summary: 'Learn: what this incident teaches',
});

/** Where its worker dies, another one goes on within the heartbeat's time; it is never given up. */
export const { watchModels } = proxyActivities<ReturnType<typeof watchingActivities>>({
  startToCloseTimeout: '15m',
  heartbeatTimeout: '60s',
  retry,
  summary: 'Look at the model servers, again and again',
});

/** What was acknowledged is never given up. */
export const { bringAlerts } = proxyActivities<ReturnType<typeof bringingActivities>>({
  startToCloseTimeout: '10m',
  heartbeatTimeout: '60s',
  retry,
  summary: 'Bring alerts to their incidents',
});

/** The first try ends soon, so that it can be told that nobody was; the later ones last as long as an incident is watched. */
const tellingOptions: Readonly<Record<Patience, ActivityOptions>> = {
  once: { startToCloseTimeout: '60s', scheduleToCloseTimeout: '2m', retry: { maximumAttempts: 1 } },
  untilTaken: { startToCloseTimeout: '60s', scheduleToCloseTimeout: '7d', retry: { ...retry, maximumInterval: '5m' } },
};
// Options of a call are laid over these, so that what limits the first try must not be among them.
const telling = proxyActivities<Pick<Telling, 'escalate' | 'askApproval' | 'tellChannels'>>(tellingOptions.untilTaken);

export const escalate = (patience: Patience, ...args: Parameters<Telling['escalate']>) =>
  telling.escalate.executeWithOptions({ ...tellingOptions[patience], summary: 'Tell a person' }, args);

export const askApproval = (patience: Patience, ...args: Parameters<Telling['askApproval']>) =>
  telling.askApproval.executeWithOptions({ ...tellingOptions[patience], summary: 'Ask a person' }, args);

/** Slack may be away for days, and says itself for how long it wants to be left alone. */
export const { showIncident } = proxyActivities<ReturnType<typeof showingActivities>>({
  startToCloseTimeout: '60s',
  scheduleToCloseTimeout: '7d',
  retry: { ...retry, maximumInterval: '5m' },
  summary: 'Show the incident in Slack',
});

/** @param withinMs how long it is tried again, where it has to be taken */
export const tellChannels = (told: Parameters<Telling['tellChannels']>[0], withinMs?: number) =>
  telling.tellChannels.executeWithOptions(
    {
      ...tellingOptions[told.patience],
      ...(withinMs === undefined ? {} : { scheduleToCloseTimeout: withinMs }),
      // Whether what is being said was taken has to be known before anything else is said.
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      summary: `Tell ${told.to.map(({ channel }) => channel).join(', ')}: ${told.notice.kind}`,
    },
    [told],
  );

/** It reads the history of each incident of a period. */
export const { makeDigest } = proxyActivities<Pick<Digesting, 'makeDigest'>>({
  startToCloseTimeout: '1h',
  scheduleToCloseTimeout: '6h',
  heartbeatTimeout: '2m',
  retry,
  summary: 'Read the incidents of the period, and count',
});

/** What is older than that people need not be told any more. */
export const { postDigest } = proxyActivities<Pick<Digesting, 'postDigest'>>({
  startToCloseTimeout: '60s',
  scheduleToCloseTimeout: '2d',
  retry: { ...retry, maximumInterval: '5m' },
  summary: 'Post the digest in Slack',
});

/** Whom what many targets share is told. */
export const { commonChain } = proxyActivities<Pick<Telling, 'commonChain'>>({
  ...withTimeouts('15s', '10m'),
  summary: 'Look up who is told',
});

const auditTimeouts = withTimeouts('15s', '1h');
const auditing = proxyActivities<Pick<Telling, 'audit'>>(auditTimeouts);

export const audit = (summary: string, ...args: Parameters<Telling['audit']>) =>
  auditing.audit.executeWithOptions({ ...auditTimeouts, summary }, args);

/** For whoever has something else to do when nothing can be written. */
export const auditSoon = (summary: string, ...args: Parameters<Telling['audit']>) =>
  auditing.audit.executeWithOptions({ ...auditTimeouts, scheduleToCloseTimeout: '2m', summary }, args);

/** The look that lasts: its limits come from the runbook. */
export function awaitRecovery(limits: Runbook['verify']): Healing['awaitRecovery'] {
  const options: ActivityOptions = {
    startToCloseTimeout: `${limits.timeoutSeconds + 2 * limits.stableSeconds + 30}s`,
    scheduleToCloseTimeout: `${2 * limits.timeoutSeconds + 4 * limits.stableSeconds + 600}s`,
    heartbeatTimeout: '20s',
    // A look changes nothing, so a person who cancels need not wait until it has noticed.
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry,
    summary: `Verify: healthy for ${limits.stableSeconds} s within ${limits.timeoutSeconds} s`,
  };
  return proxyActivities<Pick<Healing, 'awaitRecovery'>>(options).awaitRecovery;
}

/** The look at what was changed beside the target. */
export function awaitBeside(limits: Runbook['verify']): Weighing['awaitBeside'] {
  const options: ActivityOptions = {
    startToCloseTimeout: `${limits.timeoutSeconds + 60}s`,
    scheduleToCloseTimeout: `${2 * limits.timeoutSeconds + 600}s`,
    heartbeatTimeout: '60s',
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry,
    summary: `Verify: in place within ${limits.timeoutSeconds} s`,
  };
  return proxyActivities<Pick<Weighing, 'awaitBeside'>>(options).awaitBeside;
}

function withTimeouts(startToCloseTimeout: '15s' | '20s' | '30s' | '60s', scheduleToCloseTimeout: '10m' | '1h') {
  return { startToCloseTimeout, scheduleToCloseTimeout, retry };
}

import type { Context } from '../../incident/context.ts';
import type { PodSeen, WorkloadEvidence } from '../../incident/evidence.ts';
import { type Reference, referenceText } from '../../incident/reference.ts';
import { failingPods, isStarting, symptoms } from '../failing-pods.ts';
import { type Missing, missingInText } from '../missing-in-text.ts';
import { differencesIn, differsText, suspectRelease } from '../newest-release.ts';
import type { WorkloadRule } from '../rule.ts';
import { BAD_CONFIG } from './waiting.ts';

/** A change that came so long before the trouble is none of its causes. */
const LATELY_SECONDS = 3_600;
/** What a pod needs may be made a moment after it. */
const STUCK_SECONDS = 10;
/** Times come from several clocks, and trouble is noticed a moment after it begins. */
const SLACK_SECONDS = 60;

/** What the release before it does not name, the newest one brought. */
export const releaseLacksReference: WorkloadRule = (evidence, context) => {
  const suspect = suspectRelease(evidence);
  const missing = missingOf(evidence, context);
  if (!suspect || missing.length === 0 || missing.some(({ inPrevious }) => inPrevious)) return null;
  const referring = differencesIn(evidence, ['environment', 'volumes', 'account', 'containers']);
  const differences = referring.length > 0 ? referring : evidence.differences;
  return {
    cause: 'bad-release',
    confidence: missing.every(({ inPrevious }) => inPrevious === false) ? 'certain' : 'likely',
    reason: `Revision ${suspect.newest.revision} needs ${missing.map(missingText).join(' and ')}; ${differsText(suspect, differences)}.`,
  };
};

/** It is named exactly, whoever brought it. */
export const referenceMissing: WorkloadRule = (evidence, context) => {
  const missing = missingOf(evidence, context);
  if (missing.length === 0) return null;
  return { cause: 'bad-config', confidence: 'certain', reason: `Its pods cannot start without ${missing.map(missingText).join(' and ')}.` };
};

/** Something it reads was changed after its release was made, and its pods fail since. */
export const configChanged: WorkloadRule = ({ pods, releases, releaseAgeSeconds, differences }, { references }) => {
  const sick = failingPods(pods).filter((pod) => pod.release === releases[0]?.hash);
  if (references.kind !== 'read' || sick.length === 0 || releaseAgeSeconds === null) return null;
  const since = Math.max(...sick.map(({ notReadySeconds }) => notReadySeconds ?? 0));
  // A release that differs in nothing was only started anew, perhaps because of the change.
  const oldest = differences.length === 0 && releases.length > 1 ? releaseAgeSeconds + LATELY_SECONDS : releaseAgeSeconds;
  const changed = references.value.find(
    ({ exists, changedSecondsAgo: ago }) =>
      exists &&
      ago !== null &&
      ago < oldest &&
      ago >= since - SLACK_SECONDS &&
      ago <= since + LATELY_SECONDS &&
      !pods.some((pod) => pod.ready && pod.release === releases[0]?.hash && pod.ageSeconds < ago),
  );
  if (!changed) return null;
  const by = changed.changedBy === null ? '' : ` by ${changed.changedBy}`;
  return {
    cause: 'config-changed',
    confidence: 'likely',
    reason: `${referenceText(changed)} was changed ${spanText(changed.changedSecondsAgo ?? 0)} ago${by}, and its pods fail since (${symptoms(sick)}).`,
  };
};

/** What pods that cannot start wait for, as far as the cluster says so or it was looked for and not found. */
export function missingOf(
  { pods, references, createFailure }: WorkloadEvidence,
  { references: looked, events }: Context,
): readonly Missing[] {
  const stuck = pods.filter((pod) => pod.ended === null && !pod.ready && cannotStart(pod));
  if (stuck.length === 0 && createFailure === null) return [];
  const names = new Set(stuck.map(({ name }) => `Pod/${name}`));
  const warned = events.kind === 'read' ? events.value.filter(({ about }) => names.has(about)) : [];
  const texts = [
    createFailure ?? '',
    ...stuck.flatMap(({ unschedulable, containers }) => [
      unschedulable ?? '',
      ...containers.map(({ waitingMessage }) => waitingMessage ?? ''),
    ]),
    ...warned.filter(({ reason }) => ['Failed', 'FailedMount', 'FailedScheduling'].includes(reason)).map(({ message }) => message),
  ];
  const said = texts.flatMap((text) => missingInText(text, references));
  const sought = looked.kind === 'read' ? looked.value : [];
  const gone = sought.filter(({ exists, missingKeys }) => !exists || missingKeys.length > 0);
  // What the cluster said a while ago may have been made since.
  const still = said.filter((one) => !sought.some((seen) => isSame(seen, one) && !gone.includes(seen)));
  const all: Missing[] = [...gone.map((seen) => ({ ...seen, keys: seen.exists ? seen.missingKeys : [] })), ...still];
  return all.filter((one, index) => all.findIndex((other) => isSame(one, other)) === index);
}

/** A container that its node refuses to make is stuck at once; what merely waits may be about to start. */
function cannotStart({ ageSeconds, unschedulable, containers }: PodSeen): boolean {
  if (containers.some(({ waiting }) => waiting !== null && BAD_CONFIG.includes(waiting))) return true;
  return ageSeconds >= STUCK_SECONDS && (unschedulable !== null || containers.some(isStarting));
}

function isSame(one: Pick<Reference, 'kind' | 'name'>, other: Pick<Reference, 'kind' | 'name'>): boolean {
  return one.kind === other.kind && one.name === other.name;
}

function missingText({ kind, name, keys }: Missing): string {
  if (keys.length === 0) return `${kind} ${name}, which does not exist`;
  return `${keys.length === 1 ? 'key' : 'keys'} ${keys.join(', ')} of ${kind} ${name}, which it does not have`;
}

function spanText(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

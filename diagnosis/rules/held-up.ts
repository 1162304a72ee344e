import type { Context } from '../../incident/context.ts';
import type { WorkloadEvidence } from '../../incident/evidence.ts';
import type { Hindrance } from '../hindrance.ts';
import { differencesIn, differsText, suspectRelease } from '../newest-release.ts';
import type { Finding, WorkloadRule } from '../rule.ts';
import { whyNoNode } from './no-node.ts';
import { whyNoVolume } from './no-volume.ts';
import { whyNotMade } from './not-made.ts';

/** The newest release asks for what cannot be had, and the one before it did not. */
export const releaseHeldUp: WorkloadRule = (evidence, context) => {
  const heldUp = whyHeldUp(evidence, context);
  const suspect = suspectRelease(evidence);
  if (!heldUp || !suspect) return null;
  const differences = differencesIn(evidence, heldUp.broughtBy);
  if (differences.length === 0) return null;
  const { newest } = suspect;
  return {
    cause: 'bad-release',
    confidence: 'likely',
    reason: `No pod of revision ${newest.revision} can start: ${heldUp.reason} What may have brought it: ${differsText(suspect, differences)}.`,
  };
};

/** Named exactly, whoever brought it. */
export const heldUp: WorkloadRule = (evidence, context): Finding | null => {
  const found = whyHeldUp(evidence, context);
  return found && { cause: found.cause, confidence: 'certain', reason: found.reason };
};

/** What keeps its pods from being made or from starting; null where nothing that is known does. */
export function whyHeldUp(evidence: WorkloadEvidence, context: Context): Hindrance | null {
  return whyNotMade(evidence, context) ?? whyNoVolume(evidence, context) ?? whyNoNode(evidence, context);
}

import { saysExpired } from '../../incident/certificate-words.ts';
import type { PodSeen } from '../../incident/evidence.ts';
import { NO_FURTHER_SIGNS } from '../../incident/transient-signs.ts';
import { failingContainers, failingPods } from '../failing-pods.ts';
import type { WorkloadRule } from '../rule.ts';
import { speaksOfPassing } from '../transient.ts';

/**
 * Every pod of a release that had proved itself exits, and they all say that what they need is away or no longer valid. Neither a restart
 * nor going back brings that.
 */
export const outsideFault: WorkloadRule = ({ pods, releases, provedReady }) => {
  const alive = pods.filter(({ ended }) => ended === null);
  const sick = failingPods(alive);
  const [newest] = releases;
  if (!newest || !provedReady || sick.length === 0 || sick.length < alive.length) return null;
  const words = sick.map(saidBy);
  const said = `Every pod of revision ${newest.revision}, which were ready before, exits, and says: ${words[0]}`;
  if (words.every((one) => saysExpired(one))) return { cause: 'certificate-expired', confidence: 'likely', reason: said };
  if (words.every((one) => speaksOfPassing(one, NO_FURTHER_SIGNS))) return { cause: 'dependency-down', confidence: 'likely', reason: said };
  return null;
};

function saidBy(pod: PodSeen): string {
  return failingContainers([pod]).find(({ lastExit }) => lastExit?.message)?.lastExit?.message ?? '';
}

import { isSameSuspect, suspectText } from '../../incident/suspect.ts';
import { targetText } from '../../incident/target.ts';
import { type Guard, refuse } from '../guard.ts';

const LOOK_AGAIN_MS = 60_000;

/** When many targets fail at once, what they share is treated, not each of them. */
export const stormBrake: Guard = ({ request, ledger, nowMs }) => {
  const target = targetText(request.target);
  const storm = ledger.storms.find(
    ({ suspect, targets }) =>
      targets.includes(target) || suspect.kind === 'cluster' || request.suspects.some((one) => isSameSuspect(one, suspect)),
  );
  if (!storm) return null;
  const { suspect, targetCount } = storm;
  return refuse(
    'storm-brake',
    `${targetCount} targets fail that share ${suspectText(suspect)}; that is looked into first, and none of them is changed meanwhile.`,
    nowMs + LOOK_AGAIN_MS,
  );
};

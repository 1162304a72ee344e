import { targetText } from '../../incident/target.ts';
import { type Guard, refuse } from '../guard.ts';
import { actsDone, wentWrongMs } from '../ledger/ledger.ts';

/** Waits differ by up to this share, so that what failed together does not come back together. */
const JITTER = 0.2;
/** A wait that is no number is the longest there is. */
const LONGEST_SECONDS = 86_400;

/** After attempts on the target that did not help, by whichever incident, the next waits longer each time. */
export const backoff: Guard = ({ request, ledger, nowMs }) => {
  const target = targetText(request.target);
  const ended = actsDone(ledger).filter((act) => act.target === target && act.outcome !== null);
  const lastCure = ended.findLastIndex((act) => wentWrongMs(act) === null);
  const inVain = ended.slice(lastCure + 1).flatMap((act) => wentWrongMs(act) ?? []);
  if (inVain.length === 0) return null;
  const { backoffFirstSeconds, backoffFactor, backoffMaxSeconds } = request.attempts;
  const waitSeconds = Math.min(backoffMaxSeconds, backoffFirstSeconds * backoffFactor ** (inVain.length - 1));
  // The same however often it is asked, so that waiting as long as was said is enough.
  const jitter = 1 + JITTER * fraction(`${request.incident}/${request.run}/${inVain.length}`);
  const waitMs = (Number.isFinite(waitSeconds) && waitSeconds >= 0 ? waitSeconds : LONGEST_SECONDS) * jitter * 1000;
  const retryAtMs = Math.max(...inVain) + Math.ceil(waitMs);
  if (nowMs >= retryAtMs) return null;
  const times = inVain.length === 1 ? 'once' : `${inVain.length} times in a row`;
  return refuse(
    'backoff',
    `An attempt on ${target} did not help ${times}; the next waits until ${new Date(retryAtMs).toISOString()}.`,
    retryAtMs,
  );
};

/** A number from 0 up to 1 that is always the same for the same text, since a workflow must decide the same way again (FNV-1a). */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash / 2 ** 32;
}

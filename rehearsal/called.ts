import type { Alert } from '../incident/alert.ts';
import { type Mode, modeFor } from '../incident/mode.ts';
import type { Target } from '../incident/target.ts';
import { limitLayers } from '../runbooks/layers.ts';
import type { LoadedRunbooks } from '../runbooks/load.ts';
import { matchRunbook } from '../runbooks/match.ts';
import type { Runbook } from '../runbooks/schema.ts';
import type { Called } from './rehearse.ts';
import { ownLimits, withoutWaits } from './without-waits.ts';

/** What an alert about a target would begin. */
export type Call =
  | { readonly kind: 'called'; readonly called: Called /** As it stands in its file. */; readonly runbook: Runbook }
  | { readonly kind: 'notTaken'; readonly why: string };

/** How a rehearsal takes an alert. */
export interface CallRules {
  /** Somebody will answer to what is asked. */
  readonly isAnswered: boolean;
  /** In place of the runbook's own, for all of its remedies. */
  readonly mode?: Mode | undefined;
  /** Whatever the alert matches. */
  readonly runbook?: Runbook | undefined;
}

/** Takes an alert as the gateway would, with nothing that waits on purpose. */
export function callFor(
  alert: Alert,
  target: Target,
  { runbooks, limits }: Pick<LoadedRunbooks, 'runbooks' | 'limits'>,
  { isAnswered, mode, runbook: given }: CallRules,
): Call {
  const runbook = given ?? matchRunbook(alert, runbooks, target.kind);
  if (runbook === null)
    return { kind: 'notTaken', why: `No runbook matches the alert "${alert.name}" for a target of kind ${target.kind}.` };
  const chosen: Runbook = mode === undefined ? runbook : { ...runbook, mode, modes: [] };
  if (modeFor(chosen, target.namespace, null) === 'off')
    return { kind: 'notTaken', why: `The runbook ${runbook.name} is off for the namespace ${target.namespace}.` };
  const layers = ownLimits(limitLayers(limits, runbook, target.namespace));
  return { kind: 'called', called: { alert, policy: { runbook: withoutWaits(chosen, isAnswered), limits: layers } }, runbook: chosen };
}

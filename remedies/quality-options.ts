import type { Change } from '../incident/change.ts';
import { type Evidence, servedModel } from '../incident/evidence.ts';
import type { OptionName } from '../incident/option.ts';
import type { QualityEvidence } from '../incident/quality.ts';
import type { RemedyName } from '../incident/remedy.ts';
import { type Target, targetText } from '../incident/target.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { type Planned, unusable } from './planned.ts';
import { rollBackModel } from './roll-back-model.ts';

/** Stands where the person, the time and the reason will, once somebody has decided. */
const UNDECIDED = 'as it will be decided';

/** An option as it would be carried out, or why it is not possible now. */
export type OptionPlanned = { readonly name: OptionName; readonly remedy: RemedyName } & (
  | { readonly kind: 'possible'; readonly change: Change; readonly why: string; readonly does: string }
  | { readonly kind: 'impossible'; readonly reason: string }
);

/** What is known of a complaint and of the server it is about. */
export interface Complaint {
  readonly target: Target;
  readonly evidence: Evidence;
  readonly quality: QualityEvidence;
  /** The server is healthy by its own measure. */
  readonly isWell: boolean;
}

/** What could be done now where data or predictions are complained about. To ignore it is always possible, and none of these. */
export function qualityOptions(complaint: Complaint, limits: Pick<Runbook, 'model' | 'retrain'>): readonly OptionPlanned[] {
  const mistaken = otherModel(complaint.quality);
  const planned = (name: OptionName, remedy: RemedyName, plan: () => Planned, does: (change: Change) => string): OptionPlanned => {
    const made = mistaken === null ? plan() : unusable(mistaken);
    if (made.kind === 'unusable') return { name, remedy, kind: 'impossible', reason: made.reason };
    return { name, remedy, kind: 'possible', change: made.change, why: made.why, does: does(made.change) };
  };
  return [
    planned('rollBack', 'rollBackModel', () => rollBack(complaint, limits), rollBackDoes),
    planned('freeze', 'freezePromotions', () => freeze(complaint.quality), freezeDoes),
    planned(
      'retrain',
      'retrain',
      () => retrain(complaint, limits),
      (change) => retrainDoes(complaint, change),
    ),
  ];
}

/** An alert about another model than the server's must change neither. */
function otherModel({ findings, registry }: QualityEvidence): string | null {
  if (registry.kind !== 'read') return null;
  const other = findings.find(({ model }) => model !== null && model !== registry.model.name);
  return other ? `The alert ${other.alert} is about model "${other.model}", and the server serves "${registry.model.name}".` : null;
}

function rollBack({ evidence, isWell }: Complaint, { model }: Pick<Runbook, 'model'>): Planned {
  const served = servedModel(evidence);
  if (served === null) return unusable(`The ${evidence.kind} says of no model that it serves it.`);
  if (!isWell) return unusable('The server itself is not well now, so that nobody could tell whether the other version serves.');
  return rollBackModel(served, model);
}

function freeze({ registry }: QualityEvidence): Planned {
  if (registry.kind !== 'read') return unusable(`Its model cannot be told from the registry: ${registry.reason}`);
  const { registry: place, name, promotionFreeze } = registry.model;
  if (promotionFreeze !== null) return unusable(`Promotions of ${name} are frozen already: ${promotionFreeze}`);
  return {
    kind: 'change',
    change: { kind: 'promotions', model: name, registry: place, from: null, to: UNDECIDED },
    why: 'What is trained or judged on data that is complained about should not be promoted.',
  };
}

function retrain({ quality: { training }, target }: Complaint, limits: Pick<Runbook, 'retrain'>): Planned {
  if (limits.retrain === null || training === null)
    return unusable('The runbook names no CronJob that trains the model (retrain.cronJob).');
  if (training.kind === 'unreadable')
    return unusable(`CronJob ${target.namespace}/${limits.retrain.cronJob} cannot be read: ${training.reason}`);
  const { name, uid, isRunning } = training.value;
  if (isRunning) return unusable(`A run of CronJob ${target.namespace}/${name} is under way already.`);
  return { kind: 'change', change: { kind: 'training', cronJob: name, uid }, why: 'The runbook names it as what trains the model.' };
}

function rollBackDoes(change: Change): string {
  if (change.kind !== 'modelVersion') return '';
  const { model, from, to } = change;
  const worse = from.version === null ? 'the unregistered version' : `version ${from.version}`;
  return `serve ${model} version ${to.version} instead of ${worse}, and once that is seen quarantine ${worse} in the registry.`;
}

function freezeDoes(change: Change): string {
  return change.kind === 'promotions'
    ? `write the tag paramedic.promotion-frozen on the registered model ${change.model}, so that none of its versions is promoted until a person removes the tag.`
    : '';
}

function retrainDoes({ target }: Complaint, change: Change): string {
  return change.kind === 'training'
    ? `start ${targetText(target)}'s training: make one Job from the template of CronJob ${target.namespace}/${change.cronJob}. It cannot be taken back.`
    : '';
}

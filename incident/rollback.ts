import { type Evidence, servedModel } from './evidence.ts';
import type { ServedVersion } from './model.ts';
import type { Plan } from './plan.ts';
import { type Target, targetText } from './target.ts';

/** Going back: what of, from which version, to which. */
export interface Rollback {
  /** The model or workload, unique in its cluster. */
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  readonly toIsQuarantined: boolean;
  /** Epoch milliseconds, when a person last promoted a version of the model; null or absent where none was seen to. */
  readonly promotedMs?: number | null;
}

/** What a plan takes back; null when it goes back to nothing earlier. */
export function rollbackOf(target: Target, { change }: Pick<Plan, 'change'>, evidence: Evidence): Rollback | null {
  switch (change.kind) {
    case 'podTemplate':
      return { subject: targetText(target), from: change.from.hash, to: change.to.hash, toIsQuarantined: false };
    case 'modelVersion': {
      const { model, from, to } = change;
      const served = servedModel(evidence);
      const record = served?.record.kind === 'read' ? served.record.value : null;
      const registry = served?.registry.kind === 'read' ? served.registry.model : null;
      const known = registry?.versions.find(({ version }) => version === to.version);
      const isQuarantined = known?.quarantined || record?.quarantined.some(({ address }) => address === to.address) || false;
      const subject = { subject: `model ${model}`, from: nameOf(from), to: nameOf(to), toIsQuarantined: isQuarantined };
      return { ...subject, promotedMs: record?.promotedMs ?? null };
    }
    case 'memory':
    case 'furtherRun':
    case 'sameRun':
    case 'schedule':
    case 'node':
    case 'replicas':
    case 'networkPolicy':
    case 'promotions':
    case 'training':
    case 'pod':
      return null;
    default:
      return change satisfies never;
  }
}

function nameOf({ version, address }: ServedVersion): string {
  return version === null ? address : `version ${version}`;
}

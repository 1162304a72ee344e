import type { Evidence } from './evidence.ts';
import type { Plan } from './plan.ts';
import { type Target, targetText } from './target.ts';

/** Going back: what of, from which version, to which. */
export interface Rollback {
  /** The model or workload, unique in its cluster. */
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  readonly toIsQuarantined: boolean;
}

/** What a plan takes back; null when it goes back to nothing earlier. */
export function rollbackOf(target: Target, { change }: Pick<Plan, 'change'>, evidence: Evidence): Rollback | null {
  switch (change.kind) {
    case 'podTemplate':
      return { subject: targetText(target), from: change.from.hash, to: change.to.hash, toIsQuarantined: false };
    case 'modelVersion': {
      const { model, from, to } = change;
      const registry = evidence.kind === 'InferenceService' && evidence.registry.kind === 'read' ? evidence.registry.model : null;
      const known = registry?.versions.find(({ version }) => version === to.version);
      return { subject: `model ${model}`, from: nameOf(from), to: nameOf(to), toIsQuarantined: known?.quarantined ?? false };
    }
    case 'memory':
    case 'jobRun':
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

function nameOf({ version, storageUri }: { readonly version: string | null; readonly storageUri: string }): string {
  return version === null ? storageUri : `version ${version}`;
}

import type { Cluster } from '../clients/cluster.ts';
import { TargetChanged } from '../clients/failures.ts';
import type { ModelMark, ModelRegistry, Registries } from '../clients/registries/model-registry.ts';
import { changeText } from '../incident/change.ts';
import type { Context } from '../incident/context.ts';
import type { Evidence } from '../incident/evidence.ts';
import type { RegisteredModel } from '../incident/model.ts';
import type { QualityContext } from '../incident/quality.ts';
import type { Surroundings } from '../incident/surroundings.ts';
import { scriptedCluster as followScript } from '../rehearsal/scripted-cluster.ts';
import { registeredModel } from './evidence.ts';
import { quietQuality } from './quality-evidence.ts';

/** What goes wrong between the script and the one who acts on it. */
export interface Mishaps {
  /** The first act is done, and its answer is lost. */
  readonly loseFirstAnswer?: boolean;
  /** The target changes between the plan and the first act. */
  readonly changesBeforeFirstAct?: boolean;
  /** Undoing finds that somebody changed the target. */
  readonly undoIsTooLate?: boolean;
  /** What stands around the plan; where nothing is said, nothing keeps from acting. */
  readonly surroundings?: Partial<Surroundings>;
  /** What stands around the target for its diagnosis, one state onward at each act as the target itself; nothing where nothing is said. */
  readonly contexts?: readonly Partial<Context>[];
  /** What stands around a complaint about data or predictions. */
  readonly quality?: Partial<QualityContext>;
}

/** A cluster whose target is one state onward at each act, the last state staying. */
export function scriptedCluster(
  states: readonly Evidence[],
  { loseFirstAnswer, undoIsTooLate, changesBeforeFirstAct, surroundings = {}, contexts = [], quality = {} }: Mishaps = {},
): Cluster & { acts: string[] } {
  const acts: string[] = [];
  let tries = 0;
  const at = <T>(all: readonly T[]) => all[Math.min(acts.length, all.length - 1)];
  const cluster = followScript({
    now: () => ({ evidence: at(states) as Evidence, context: at(contexts) ?? {}, surroundings, quality: quietQuality(quality) }),
    before(_change, key) {
      if (changesBeforeFirstAct && tries++ === 0) throw new TargetChanged('A person scaled it.');
      if (undoIsTooLate && key.endsWith('/undo')) throw new TargetChanged('Somebody changed it.');
    },
    onward(change) {
      const { before, after } = changeText(change);
      acts.push(`${before} → ${after}`);
      if (loseFirstAnswer && acts.length === 1) throw new Error('The connection was reset after the request was sent.');
    },
  });
  return { ...cluster, acts };
}

/** A registry that holds one model and writes down every mark it is given. */
export function scriptedRegistry(model: RegisteredModel = registeredModel()): ModelRegistry & {
  readonly marks: string[];
  quarantinedBy: string | null;
} {
  return {
    name: model.registry,
    marks: [],
    quarantinedBy: null,
    readModel: async (name) => (name === model.name ? model : null),
    async mark(name, mark) {
      this.marks.push(`${name} ${markText(mark)}`);
      if (mark.kind === 'quarantined') this.quarantinedBy = mark.by;
    },
  };
}

/** The registries of a worker that knows this one alone. */
export function only(registry: ModelRegistry): Registries {
  return new Map([[registry.name, registry]]);
}

function markText(mark: ModelMark): string {
  switch (mark.kind) {
    case 'alias':
      return `alias ${mark.alias} at ${mark.version}`;
    case 'promotionFreeze':
      return mark.to === null ? 'promotions free' : `promotions frozen (${mark.to})`;
    default:
      return `version ${mark.version} ${mark.kind}`;
  }
}

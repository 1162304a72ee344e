import type { KubeConfig } from '@kubernetes/client-node';
import type { Surroundings } from '../../incident/surroundings.ts';
import { targetText } from '../../incident/target.ts';
import type { Cluster } from '../cluster.ts';
import { TargetGone } from '../failures.ts';
import type { Systems } from '../systems.ts';
import { openDeadline } from './deadline.ts';
import { reading } from './reading.ts';
import { besideReader } from './surroundings/beside.ts';
import { seeNamespace, seeObject, seeReplicas } from './surroundings/pieces.ts';
import { sourceOf } from './surroundings/source.ts';

const ANSWER_MS_MAX = 5_000;

/** What is looked at beside the cluster itself. */
export interface Beside extends Pick<Systems, 'metrics' | 'registries'> {
  /** How long each piece is waited for; 5 s by default. */
  readonly answerMsMax?: number;
}

/** Reads what stands around a plan, all pieces at once. */
export function surroundingsReader(
  config: KubeConfig,
  { answerMsMax = ANSWER_MS_MAX, ...systems }: Beside,
): Pick<Cluster, 'readSurroundings' | 'readBeside'> {
  const sourceAround = sourceOf(config);
  const readBeside = besideReader(config, systems);
  return {
    async readSurroundings(target, { change }): Promise<Surroundings> {
      const deadline = openDeadline(answerMsMax);
      const source = sourceAround(target, deadline);
      const text = targetText(target);
      const read = <T>(what: string, call: () => Promise<T>) => reading(what, deadline, call);
      try {
        const [beside, object, namespace, replicas] = await Promise.all([
          readBeside(change, deadline, source.nodes),
          read(text, () => seeObject(target, source)),
          read(`namespace ${target.namespace}`, () => seeNamespace(source)),
          read(`the pods of ${text}`, () => seeReplicas(change, source)),
          deadline.orLate(source.target()).catch(throwIfGone),
        ]);
        return { ...beside, object, namespace, replicas };
      } finally {
        deadline.end();
      }
    },

    async readBeside({ change }) {
      const deadline = openDeadline(answerMsMax);
      try {
        return await readBeside(change, deadline);
      } finally {
        deadline.end();
      }
    },
  };
}

function throwIfGone(error: unknown): void {
  if (error instanceof TargetGone) throw error;
}

import type { Cluster } from '../clients/cluster.ts';
import type { Plan } from '../incident/plan.ts';
import type { Surroundings } from '../incident/surroundings.ts';
import type { Target } from '../incident/target.ts';
import { unlessEnding } from './ending.ts';
import { asActivityFailure } from './failures.ts';

export function surveyingActivities(cluster: Pick<Cluster, 'readSurroundings'>) {
  return {
    /** Reads what stands around a plan, directly before leave to carry it out is asked for. What cannot be read is told as such. */
    readSurroundings(target: Target, plan: Plan): Promise<Surroundings> {
      return asActivityFailure(() => unlessEnding(cluster.readSurroundings(target, plan)));
    },
  };
}

import type { Housed } from './quick-runbooks.ts';
import type { PackedScenario } from './read-pack.ts';

/** In which order scenarios are played, and which beside each other. */
interface Turns {
  readonly together: readonly Housed[];
  /** One at a time. */
  readonly alone: readonly Housed[];
  /** Last, since they wait for what the sandbox's own Prometheus fires. */
  readonly untold: readonly Housed[];
}

/** Each scenario has its turn. */
export function turns(housed: readonly Housed[]): Turns {
  const {
    untold = [],
    alone = [],
    together = [],
  } = Object.groupBy(housed, ({ scenario }) => {
    if (scenario.alert === null) return 'untold';
    return needsAlone(scenario) ? 'alone' : 'together';
  });
  return { together, alone, untold };
}

/** Pods without a place, anywhere in the cluster, count as harm that an act may have done. */
function needsAlone({ alone, failureType, setup }: PackedScenario): boolean {
  return alone ?? (failureType === 'capacityShortage' || setup.some(({ create }) => create?.kind === 'Node'));
}

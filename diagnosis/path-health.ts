import type { Context } from '../incident/context.ts';
import { cutText, pathCuts } from '../incident/path-cuts.ts';
import type { Verdict } from '../incident/verdict.ts';

/** Whether the paths to and from a target whose pods are all ready are there, and were seen. @param seen of its pods */
export function pathHealth(seen: string, { paths, dependencies }: Pick<Context, 'paths' | 'dependencies'>): Verdict {
  const blind = [paths, dependencies].find((piece) => piece.kind === 'unreadable');
  if (blind?.kind === 'unreadable')
    return { kind: 'unknown', reason: `its pods are ready, but ${blind.what} cannot be read: ${blind.reason}` };
  if (paths.kind !== 'read' || dependencies.kind !== 'read' || paths.value === null)
    return { kind: 'unknown', reason: 'its pods are ready, but the paths to it were not looked at' };
  const cuts = pathCuts(paths.value, dependencies.value);
  if (cuts.length > 0) return { kind: 'notRecovered', seen: `${seen}; ${cuts.map(cutText).join('; ')}` };
  const services = paths.value.services.map(({ name }) => name).join(', ') || 'none';
  return { kind: 'recovered', seen: `${seen}; Services whose paths are there: ${services}` };
}

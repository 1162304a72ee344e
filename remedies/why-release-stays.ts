import type { Context } from '../incident/context.ts';
import { type Evidence, isWorkload } from '../incident/evidence.ts';
import { portCuts, selectorCuts } from '../incident/path-cuts.ts';

/** A release whose pods are all ready is to blame only for a path that the one before it had. Null where it may be undone. */
export function whyReleaseStays(evidence: Evidence, { paths }: Pick<Context, 'paths'>): string | null {
  if (!isWorkload(evidence) || paths.kind !== 'read' || paths.value === null) return null;
  const isWell = evidence.pods.length > 0 && evidence.pods.every(({ ready }) => ready);
  const cuts = [...selectorCuts(paths.value), ...portCuts(paths.value)];
  if (!isWell || cuts.length === 0) return null;
  const other = cuts.find(({ byRelease }) => !byRelease);
  if (!other) return null;
  return `The release before it does not fit Service ${other.service.name} either: the Service was changed, not the pods.`;
}

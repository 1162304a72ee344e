import { addedActions, totalOf } from '../history/billable.ts';
import type { Beside } from '../history/run.ts';
import type { Case } from './case.ts';
import type { Report } from './report.ts';

const SHOWN_MAX = 5;

/** What Temporal counts as Actions. @param beside null: no histories were read */
export function costOf(cases: readonly Case[], beside: readonly Beside[] | null): Report['cost'] {
  if (beside === null) return null;
  const counted = cases.flatMap(({ number, actions }) => (actions ? [{ number, actions, total: totalOf(actions) }] : []));
  const actions = addedActions(counted.map((one) => one.actions));
  const total = totalOf(actions);
  return {
    ...{ actions, total },
    perIncident: counted.length === 0 ? null : total / counted.length,
    beside: beside.map((one) => ({ type: one.type, runs: one.runs, total: totalOf(one.actions) })),
    dearest: counted
      .map(({ number, total: own }) => ({ number, total: own }))
      .sort((one, other) => other.total - one.total)
      .slice(0, SHOWN_MAX),
  };
}

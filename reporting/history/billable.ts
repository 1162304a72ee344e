/**
 * What Temporal counts as an Action, as far as a history tells it, by what it was:
 * https://docs.temporal.io/cloud/actions. Queries, heartbeats, refused updates, schedules and exports stand in none.
 */
export const ACTION_KINDS = [
  'starts',
  'activities',
  'timers',
  'signals',
  'updates',
  'searchAttributes',
  'markers',
  'childWorkflows',
  'options',
] as const;

export type ActionKind = (typeof ACTION_KINDS)[number];

export type BillableActions = Readonly<Record<ActionKind, number>>;

export const NO_ACTIONS = Object.fromEntries(ACTION_KINDS.map((kind) => [kind, 0])) as BillableActions;

export function addedActions(all: readonly BillableActions[]): BillableActions {
  const sum = (kind: ActionKind) => all.reduce((total, one) => total + one[kind], 0);
  return Object.fromEntries(ACTION_KINDS.map((kind) => [kind, sum(kind)])) as BillableActions;
}

export function totalOf(actions: BillableActions): number {
  return ACTION_KINDS.reduce((total, kind) => total + actions[kind], 0);
}

/** One drill at a time is at work in a namespace: its workflow's id is the lock. */
export function drillWorkflowId(cluster: string, namespace: string): string {
  return ['drill', cluster, namespace].join('/');
}

/** The workflow that has drills run one after the other. */
export function drillsWorkflowId(cluster: string, namespace: string): string {
  return ['drills', cluster, namespace].join('/');
}

/** The schedule by which they are. */
export function drillScheduleId(cluster: string, namespace: string): string {
  return ['drills', cluster, namespace].join('/');
}

/** The label of the alert that a drill raises, by which its incident is known as one. */
export const DRILL_ALERT_LABEL = 'paramedic_drill';

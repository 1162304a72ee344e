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

const ANCHOR = 'paramedic-drill-';
/** The last ones: an id of Temporal begins with the time. */
const ID_CHARACTERS = 8;

/** The Job, which runs nothing, that all objects of a drill go with. */
export function drillAnchorName(id: string): string {
  return `${ANCHOR}${id.slice(-ID_CHARACTERS)}`;
}

export function isDrillAnchor(kind: string, name: string): boolean {
  return kind === 'Job' && name.startsWith(ANCHOR);
}

import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { drillCourseActivities } from '../activities/drill-course.ts';
import type { drillGroundActivities } from '../activities/drill-ground.ts';

type Ground = ReturnType<typeof drillGroundActivities>;
type Course = ReturnType<typeof drillCourseActivities>;

const retry = { initialInterval: '1s', maximumInterval: '30s', backoffCoefficient: 2 } as const;
/** Where its worker dies, the next one goes on within the heartbeat's time. */
const long = {
  heartbeatTimeout: '20s',
  // What is being made must be made, or not, before it is taken away.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry,
} as const;
const short = { startToCloseTimeout: '60s', scheduleToCloseTimeout: '5m', retry } as const;

export const { chooseDrills } = proxyActivities<Pick<Course, 'chooseDrills'>>({ ...short, summary: 'Read the drills' });
export const { prepareDrill } = proxyActivities<Pick<Course, 'prepareDrill'>>({
  ...short,
  summary: 'May it be run, and what does it test?',
});
export const { tellOfFault } = proxyActivities<Pick<Course, 'tellOfFault'>>({ ...short, summary: 'Tell of the fault, as monitoring does' });
export const { gradeDrill } = proxyActivities<Pick<Course, 'gradeDrill'>>({ ...short, summary: 'Grade by the state of the cluster' });

export const { setUpDrill } = proxyActivities<Pick<Ground, 'setUpDrill'>>({
  ...long,
  startToCloseTimeout: '10m',
  scheduleToCloseTimeout: '15m',
  summary: 'Make what it needs',
});
export const { awaitDrillSettled } = proxyActivities<Pick<Ground, 'awaitDrillSettled'>>({
  ...long,
  startToCloseTimeout: '10m',
  scheduleToCloseTimeout: '15m',
  summary: 'Wait until it is well',
});
export const { injectFault } = proxyActivities<Pick<Ground, 'injectFault'>>({
  ...long,
  startToCloseTimeout: '20m',
  scheduleToCloseTimeout: '25m',
  summary: 'Inject the fault',
});
export const { followDrill } = proxyActivities<Pick<Course, 'followDrill'>>({
  ...long,
  startToCloseTimeout: '2h',
  summary: 'Watch what becomes of it',
});
export const { endIncident } = proxyActivities<Pick<Course, 'endIncident'>>({ ...short, summary: 'End the incident, if it is still open' });

/** It is tried for a day: nothing is given up that would leave something behind. */
export const { cleanUpDrill } = proxyActivities<Pick<Ground, 'cleanUpDrill'>>({
  ...long,
  startToCloseTimeout: '10m',
  scheduleToCloseTimeout: '1d',
  summary: 'Take everything away',
});

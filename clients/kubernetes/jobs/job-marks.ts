/** Where Jobs and CronJobs live in the API. */
export const JOBS = { group: 'batch', version: 'v1', plural: 'jobs' };
export const CRON_JOBS = { group: 'batch', version: 'v1', plural: 'cronjobs' };

/** On a Job that a remedy made: the name of the Job or CronJob that it is a further run of. */
export const RETRY_OF = 'paramedic.dev/retry-of';
/** A label of it, too, so that it can be asked for: the uid of the same. */
export const RETRY_OF_UID = 'paramedic.dev/retry-of-uid';
/** On a CronJob whose schedule a remedy suspended: the act's key. */
export const SUSPENDED_BY = 'paramedic.dev/suspended-by';

import type { Outcome } from '../incident/incident.ts';
import { heal } from './heal.ts';
import type { IncidentInput } from './messages.ts';

/**
 * Heals a Job, or a CronJob whose last run failed: it is run once more where that may help. Where its input, its program or its
 * credential is at fault no further run does, and a schedule that would only fail again is suspended until a person has mended it.
 */
export function pipelineFailure(incident: IncidentInput): Promise<Outcome> {
  return heal(incident, {
    cures: { transient: ['retryJob'], 'memory-limit-too-low': ['retryJobWithMoreMemory'] },
    containment: {
      'bad-input': ['suspendCronJob'],
      'code-error': ['suspendCronJob'],
      'credential-expired': ['suspendCronJob'],
    },
    async confirm({ change }, { target }) {
      if (change.kind !== 'jobRun' || target.kind !== 'CronJob' || Object.keys(change.to?.memory ?? {}).length === 0) return [];
      return [`The next runs of CronJob ${target.name} ask for no more memory than before: raise the limit in its jobTemplate.`];
    },
  });
}

import type { Outcome } from '../incident/incident.ts';
import { heal } from './heal.ts';
import type { IncidentInput } from './messages.ts';

/**
 * Heals what runs to an end and failed, or whose last run did: it is run once more where that may help. Where its input, its program or its
 * credential is at fault no further run does, and a schedule that would only fail again is suspended until a person has mended it.
 */
export function pipelineFailure(incident: IncidentInput): Promise<Outcome> {
  return heal(incident, {
    cures: { transient: ['retryRun'], 'memory-limit-too-low': ['retryRunWithMoreMemory'] },
    containment: {
      'bad-input': ['pauseSchedule'],
      'code-error': ['pauseSchedule'],
      'credential-expired': ['pauseSchedule'],
      'memory-limit-too-low': ['pauseSchedule'],
    },
    async confirm({ change }, { target }) {
      if (change.kind !== 'furtherRun' || Object.keys(change.to?.memory ?? {}).length === 0) return [];
      return [`Further runs of ${target.kind} ${target.name} ask for no more memory than before: raise the limit where it is written.`];
    },
  });
}

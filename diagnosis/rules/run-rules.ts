import type { PipelineEvidence } from '../../incident/pipeline.ts';
import type { TransientSigns } from '../../incident/transient-signs.ts';
import type { Rule } from '../rule.ts';
import { badInput, codeError, credentialExpired, disrupted, jobOutOfMemory, outOfMemoryAgain, transient } from './job-exit.ts';
import { deadlineExceeded, heldByPerson, missedSchedule, stillRunning, stuck } from './job-state.ts';
import { jobBadConfig, jobHeldUp, jobImageMissing, jobUnschedulable } from './job-waiting.ts';

/**
 * In the order in which they are asked: what a person holds; what the cluster itself states; what the program said, the narrow before
 * the wide, since a refused credential or a lost connection ends in a traceback, too; then what merely goes on.
 */
export const runRules = (signs: TransientSigns): Readonly<Record<string, Rule<PipelineEvidence>>> => ({
  heldByPerson,
  jobImageMissing,
  jobBadConfig,
  jobHeldUp,
  jobUnschedulable,
  jobOutOfMemory,
  deadlineExceeded,
  disrupted,
  credentialExpired,
  transient: transient(signs),
  badInput,
  codeError,
  outOfMemoryAgain,
  stuck,
  missedSchedule,
  stillRunning,
});

/** The workflow bundle's entry: one workflow type per failure type, what many share, and who grants permits. */
export { accuracyDegradation } from './accuracy-degradation.ts';
export { auditNote } from './audit-note.ts';
export { capacityShortage } from './capacity-shortage.ts';
export { commonCause } from './common-cause.ts';
export { dataQuality } from './data-quality.ts';
export { experience } from './experience.ts';
export { incidentThread } from './incident-thread.ts';
export { intake } from './intake.ts';
export { modelRecord } from './model-record.ts';
export { modelServingFailure } from './model-serving-failure.ts';
export { modelWatch } from './model-watch.ts';
export { networkTimeout } from './network-timeout.ts';
export { outOfMemory } from './out-of-memory.ts';
export { permitOffice } from './permit-office.ts';
export { pipelineFailure } from './pipeline-failure.ts';
export { podCrash } from './pod-crash.ts';
export { reportDigest } from './report-digest.ts';

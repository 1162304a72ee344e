import type { Limits } from '../../../guards/limits.ts';
import type { PermitRequest } from '../../../guards/request.ts';
import type { IncidentRun } from '../../../incident/incident.ts';
import type { Target } from '../../../incident/target.ts';
import { quietSurroundings } from '../../../rehearsal/quiet-surroundings.ts';
import { evidence } from '../../evidence.ts';
import { layer } from '../../limits.ts';

/** A request that nothing is to be said against but what the limits say. */
export function question(target: Target, incident: IncidentRun, limits: Limits, number = 1): PermitRequest {
  return {
    ...incident,
    id: `${incident.incident}/${incident.run}/${number}`,
    runbook: 'test',
    target,
    remedy: 'restart',
    isApproved: false,
    changesSpec: false,
    plan: { uid: 'uid-ranker', generation: 2 },
    attemptsMade: 0,
    attempts: { max: 1_000, backoffFirstSeconds: 0, backoffFactor: 1, backoffMaxSeconds: 0 },
    rollback: null,
    nodes: [],
    suspects: [],
    surroundings: quietSurroundings(evidence({}), { kind: 'pod', name: 'ranker-0', uid: 'uid-of-none' }),
    gitOps: 'change',
    limits: [layer(limits)],
  };
}

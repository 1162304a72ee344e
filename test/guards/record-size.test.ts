import { describe, expect, it } from '@jest/globals';
import { withLease, withoutIncident } from '../../guards/ledger/leases.ts';
import { ACTS_MAX, FAILURES_MAX, type Ledger, STORMS_MAX } from '../../guards/ledger/ledger.ts';
import { ask, hear } from '../../guards/office.ts';
import type { PermitRequest } from '../../guards/request.ts';
import type { IncidentRun } from '../../incident/incident.ts';
import type { Suspect } from '../../incident/suspect.ts';
import { targetText } from '../../incident/target.ts';
import { DEFAULT_LIMITS } from '../../runbooks/limits.ts';
import { ledger, NOW, read, request, surroundings } from './asked.ts';

const BYTES_MAX = 1_500_000;
const RUN = '01987e4c-2f6a-7c11-9d1e-5b1f6f0c2a77';
const long = (text: string, length: number) => text.padEnd(length, 'x');
const limits = [{ from: 'the cluster', limits: { storm: DEFAULT_LIMITS.storm } }];

function target(index: number) {
  return { cluster: long('prod', 20), namespace: long('team', 30), kind: 'InferenceService' as const, name: long(`model-${index}-`, 40) };
}

function incident(index: number): IncidentRun {
  return { incident: `outage/${target(index).cluster}/${targetText(target(index))}`, run: RUN };
}

/** Everything as long as it gets: a rollback of a model with a node to be drained, and a related object. */
function asking(index: number): PermitRequest {
  const { object } = surroundings();
  const related = [targetText(target(index + 10_000))];
  return request({
    ...{ ...incident(index), id: `${incident(index).incident}/${RUN}/1`, target: target(index), remedy: 'rollBackModel', limits },
    ...{ runbook: 'model-serving-failure', nodes: [long('worker', 30)] },
    rollback: { subject: `model ${long('m', 40)}-${index}`, from: 'version 1000', to: 'version 999', toIsQuarantined: false },
    surroundings: surroundings({ object: object.kind === 'read' ? read({ ...object.value, related }) : object }),
  });
}

function failing(before: Ledger, index: number): Ledger {
  const shared = Array.from(
    { length: 20 },
    (_, one): Suspect => ({ kind: 'node', name: long(`worker-${one}-${Math.floor(index / 31)}-`, 40) }),
  );
  const image: Suspect = { kind: 'image', name: long(`registry/models/server@sha256:${Math.floor(index / 31)}-`, 110) };
  const seen = { ...incident(index), target: target(index), suspects: [...shared, image], limits };
  return hear(before, { kind: 'failure', seen }, NOW);
}

describe('a record at its bounds', () => {
  it('is small enough for Temporal to carry it to the next run', () => {
    let full = ledger();
    for (let index = 0; index <= FAILURES_MAX; index++) full = failing(full, index);
    for (let index = 0; index < ACTS_MAX; index++) full = withLease(full, asking(index));
    // Two hundred incidents still hold what they act on.
    for (let index = 200; index < ACTS_MAX; index++) full = withoutIncident(full, incident(index), false);
    expect(ask({ ...full, storms: [] }, 'cluster', asking(ACTS_MAX), NOW).permit).toMatchObject({ guard: 'record' });
    expect([full.acts.length, full.holds.length, full.failures.length]).toEqual([ACTS_MAX, 200, FAILURES_MAX]);
    expect(full.storms.length).toBe(STORMS_MAX);
    expect(JSON.stringify(full).length).toBeLessThan(BYTES_MAX);
  });
});

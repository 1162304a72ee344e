import { z } from 'zod';
import type { Double, Recorded, Reply } from '../../vendors/recorder.ts';

/** When the Workflow of the double had ended first, in epoch milliseconds. */
export const FIRST_END = Date.parse('2026-03-02T11:05:00Z');

/** A cluster that holds one Workflow, and argo-server before it, as it answers at 3.7. */
export interface ArgoDouble {
  readonly cluster: Double;
  readonly server: Double;
  workflow: { phase: string; finishedAt: string | null; annotations: Record<string, string> } | null;
  /** What argo-server answers instead to a retry. */
  retry: Reply | null;
  /** It retries, and then a proxy before it fails. */
  losesAnswers: boolean;
  /** The API server finds the Workflow changed since it was read. */
  changes: boolean;
}

const Patch = z.array(z.object({ op: z.string(), path: z.string(), value: z.unknown() }));
const NAME = 'churn';

export const failing = (status: number, code: number, message: string): Reply => ({ status, body: { code, message } });

export function argoDouble(): ArgoDouble {
  const double: ArgoDouble = {
    workflow: { phase: 'Failed', finishedAt: '2026-03-02T11:05:00Z', annotations: {} },
    retry: null,
    losesAnswers: false,
    changes: false,
    cluster(request) {
      if (double.workflow === null) return NOT_FOUND;
      return request.method === 'PATCH' ? patched(double, request) : { body: objectOf(double.workflow) };
    },
    server(request) {
      if (double.workflow === null) return failing(404, 5, `workflows.argoproj.io "${NAME}" not found`);
      if (request.method === 'GET') return { body: { metadata: { name: NAME, creationTimestamp: null } } };
      const reply = double.retry ?? retried(double.workflow);
      return double.losesAnswers ? failing(500, 13, 'the answer got lost') : reply;
    },
  };
  return double;
}

const NOT_FOUND: Reply = { status: 404, body: { kind: 'Status', message: 'not found', details: { name: NAME } } };

function objectOf({ phase, finishedAt, annotations }: NonNullable<ArgoDouble['workflow']>) {
  return {
    metadata: { name: NAME, uid: 'u1', resourceVersion: '7', creationTimestamp: '2026-03-02T11:00:00Z', annotations },
    spec: { templates: [] },
    status: { phase, finishedAt },
  };
}

/** A `test` that does not hold is answered by 422 without the object's name. */
function patched({ workflow, changes }: ArgoDouble, { body }: Recorded): Reply {
  if (changes) return { status: 422, body: { kind: 'Status', message: 'the server rejected our request', details: {} } };
  for (const { path, value } of Patch.parse(body)) {
    const name = /^\/metadata\/annotations\/(.+)$/.exec(path)?.[1];
    if (name) workflow!.annotations[name.replace('~1', '/')] = String(value);
  }
  return { body: objectOf(workflow!) };
}

function retried(workflow: NonNullable<ArgoDouble['workflow']>): Reply {
  if (workflow.phase === 'Succeeded')
    return failing(400, 3, 'To retry a succeeded workflow, set the options restartSuccessful and nodeFieldSelector');
  if (workflow.phase === 'Running') return failing(400, 3, 'Cannot retry a workflow in phase Running');
  Object.assign(workflow, { phase: 'Running', finishedAt: null });
  return { body: objectOf(workflow) };
}

import { CustomObjectsApi, type KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { z } from 'zod';
import type { RunRef } from '../../incident/change.ts';
import type { ApplyOptions } from '../cluster.ts';
import { TargetChanged, TargetGone } from '../failures.ts';
import { type Explained, type Failure, type System, systemCall } from '../http/system-call.ts';
import { asClusterFailure } from '../kubernetes/api-failures.ts';
import { FIELD_MANAGER, type RawObject } from '../kubernetes/guarded-patch.ts';
import { hasFailed, workflowOf } from './argo-seen.ts';
import { WORKFLOWS } from './object-types.ts';

/** On a Workflow that argo-server was asked to retry: the act's key, and when the Workflow had ended before. */
const RETRIED_BY = 'paramedic.dev/retried-by';
const RETRIED_END = 'paramedic.dev/retried-end';
const MARK = '/metadata/annotations/paramedic.dev~1retried-';

/** Where argo-server is, which alone can have a Workflow go on, and who we are there. */
export type ArgoServer = Pick<System, 'url' | 'authorize' | 'credentials' | 'answerMsMax'>;

const HTTP_NOT_FOUND = 404;
const HTTP_CONFLICT = 409;

const Words = z.object({ message: z.string().default(''), code: z.number().optional() });

/**
 * Has a Workflow go on where it failed. Argo keeps no key of who asked for that, so that it is marked on the Workflow before, with the end
 * that is to be gone on from: once the Workflow runs, or has another end, it was retried.
 */
export function workflowRetrier(config: KubeConfig, server: ArgoServer) {
  const objects = config.makeApiClient(CustomObjectsApi);
  const call = systemCall({ ...server, name: 'Argo Server', explain });

  async function mark(namespace: string, object: RawObject, key: string, end: string): Promise<void> {
    const { name = '', resourceVersion, annotations } = object.metadata;
    const body = [
      { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
      ...(annotations ? [] : [{ op: 'add', path: '/metadata/annotations', value: {} }]),
      { op: 'add', path: `${MARK}by`, value: key },
      { op: 'add', path: `${MARK}end`, value: end },
    ];
    const request = { ...WORKFLOWS, namespace, name, body, fieldManager: FIELD_MANAGER };
    await objects.patchNamespacedCustomObject(request, setHeaderOptions('Content-Type', PatchStrategy.JsonPatch));
  }

  return async (namespace: string, run: RunRef, { key, dryRun, beforeWrite }: ApplyOptions): Promise<'applied' | 'alreadyApplied'> => {
    const text = `Workflow ${namespace}/${run.name}`;
    const path = `api/v1/workflows/${encodeURIComponent(namespace)}/${encodeURIComponent(run.name)}`;
    return asClusterFailure(text, async () => {
      const object = (await objects.getNamespacedCustomObject({ ...WORKFLOWS, namespace, name: run.name })) as RawObject;
      const workflow = workflowOf(object);
      const { annotations } = workflow.metadata;
      const ended = String(workflow.status?.finishedAt ?? '');
      const isOurs = annotations[RETRIED_BY] === key;
      const goesOn = !hasFailed(workflow);
      if (isOurs && (goesOn || annotations[RETRIED_END] !== ended)) return 'alreadyApplied';
      if (goesOn) throw new TargetChanged(`${text} is ${workflow.status?.phase || 'about to begin'}; somebody else has retried it.`);
      if (!isOurs && run.endedMs !== undefined && String(run.endedMs ?? '') !== ended)
        throw new TargetChanged(`${text} was retried since it was looked at, and failed again.`);
      const known = await call({
        method: 'GET',
        path,
        query: { fields: 'metadata.name' },
        needs: 'get on workflows in its namespace',
        expects: isGone,
      });
      if (known.kind === 'failed') throw new TargetGone(`${text} does not exist any more.`);
      if (dryRun) return 'applied';
      await beforeWrite?.();
      if (!isOurs) await mark(namespace, object, key, ended);
      const answer = await call({
        method: 'PUT',
        path: `${path}/retry`,
        body: { name: run.name, namespace },
        // It deletes the pods of the failed steps, and only then writes the Workflow.
        needs: 'delete on pods or update on workflows in its namespace',
        expects: (failure) => isGone(failure) || failure.status === HTTP_CONFLICT || goesOnAlready(failure),
      });
      if (answer.kind === 'done') return 'applied';
      if (isGone(answer)) throw new TargetGone(`${text} does not exist any more.`);
      throw new TargetChanged(`${text} was ${answer.status === HTTP_CONFLICT ? 'written' : 'retried'} by somebody else: ${answer.message}`);
    });
  };
}

function isGone({ status }: Failure): boolean {
  return status === HTTP_NOT_FOUND;
}

/** What it says of a Workflow that runs, or that has come to a good end; earlier releases said the last. */
function goesOnAlready({ message }: Failure): boolean {
  return /cannot retry a workflow in phase|to retry a succeeded workflow|must be failed\/error/i.test(message);
}

function explain(text: string): Explained {
  try {
    const { message, code } = Words.parse(JSON.parse(text));
    return { code: code === undefined ? '' : `gRPC ${code}`, message };
  } catch {
    return { code: '', message: text.slice(0, 200) };
  }
}

import type { Client } from '@temporalio/client';
import type { ModelRecordKeeper, ModelRecords, ModelRef } from '../clients/model-records.ts';
import {
  emptyRecord,
  MODEL_CHARACTERS_MAX,
  modelRecordWorkflowId,
  modelWatchWorkflowId,
  recordOf,
} from '../incident/models/kept-record.ts';
import { keptModelRecord, type ModelRecordInput, modelFacts } from '../workflows/messages.ts';
import { orNullIfGone } from './or-null-if-gone.ts';
import { taskQueueOf } from './settings.ts';

/** A worker answers within milliseconds; one that is away must not hold up a look at a target. */
const ANSWER_WITHIN_MS = 5_000;

type Reached = Pick<Client, 'workflow' | 'withDeadline'>;

/** The records of models as workflows of the Temporal that the client reaches. */
export function modelRecordKeeper(client: Reached): ModelRecordKeeper {
  return {
    async kept(of) {
      if (!isKept(of)) return null;
      const handle = client.workflow.getHandle(modelRecordWorkflowId(of.cluster, of.registry, of.model));
      return orNullIfGone(() => client.withDeadline(Date.now() + ANSWER_WITHIN_MS, () => handle.query(keptModelRecord)));
    },

    async tell(of, facts) {
      if (!isKept(of)) return;
      await client.workflow.signalWithStart('modelRecord', { ...startOf(of), signal: modelFacts, signalArgs: [facts] });
    },

    async tellIfKept(of, facts) {
      if (!isKept(of)) return false;
      const handle = client.workflow.getHandle(modelRecordWorkflowId(of.cluster, of.registry, of.model));
      return (await orNullIfGone(() => handle.signal(modelFacts, facts).then(() => true))) ?? false;
    },
  };
}

/** How the record of a model is begun. */
export function startOf({ cluster, registry, model }: ModelRef) {
  const args: [ModelRecordInput] = [{ cluster, record: emptyRecord(model, registry) }];
  return {
    workflowId: modelRecordWorkflowId(cluster, registry, model),
    taskQueue: taskQueueOf(cluster),
    args,
    staticSummary: `What was seen healthy in serving of model ${model}`,
    staticDetails:
      'Updates for people: `pin`, `quarantine` and `release` with {"version": "7", "by": "anna", "reason": "…"}, `unpin` with {"by": "anna", "reason": "…"}.',
  };
}

/** The records of one cluster, for reading. */
export function recordsOf({ kept }: Pick<ModelRecordKeeper, 'kept'>, cluster: string): ModelRecords {
  return {
    async read(registry, model) {
      const found = await kept({ cluster, registry, model });
      return found && recordOf(found);
    },
  };
}

/** Makes sure that the model servers of a cluster are watched; several workers who want it are one. */
export async function openModelWatch({ workflow }: Pick<Client, 'workflow'>, cluster: string): Promise<void> {
  await workflow.start('modelWatch', {
    workflowId: modelWatchWorkflowId(cluster),
    taskQueue: taskQueueOf(cluster),
    args: [{ cluster, runs: {} }],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: `Watches the model servers of cluster ${cluster}, and tells the record of each model what it sees`,
  });
}

function isKept({ model }: ModelRef): boolean {
  return model !== '' && model.length <= MODEL_CHARACTERS_MAX;
}

import type { WorkflowHandle } from '@temporalio/client';
import { modelRecordWorkflowId } from '../../incident/models/kept-record.ts';
import type { ModelFact } from '../../incident/models/model-facts.ts';
import { modelRecordKeeper } from '../../worker/model-records.ts';
import { modelRecordNow, pinVersion, quarantineVersion, releaseVersion, unpinVersion } from '../../workflows/messages.ts';
import { BAD_URI, GOOD_URI } from '../evidence.ts';
import type { Stage } from '../workflows/incident-run.ts';
import { standWorker } from '../workflows/stand-worker.ts';

/** What `playModel` leaves to be recorded. */
export const MODEL_HISTORIES = ['model-record'] as const;

const SERVER = 'ml/InferenceService/churn';
const CLUSTER = 'recorded';

/** A model's life: seen well, ill, quarantined by an incident, promoted by a person, and what people say of its versions. */
export async function playModel(stage: Stage): Promise<Readonly<Record<(typeof MODEL_HISTORIES)[number], WorkflowHandle>>> {
  const worker = await standWorker(stage, CLUSTER);
  const { client } = stage.environment;
  const { tell } = modelRecordKeeper(client);
  const of = { cluster: CLUSTER, registry: 'mlflow', model: 'churn' };
  const well = (address: string, version: string, fromMs: number, untilMs: number): ModelFact => ({
    kind: 'healthy',
    seen: { server: SERVER, address, version, settings: {}, fromMs, untilMs },
  });
  try {
    await tell(of, [well(GOOD_URI, '1', 0, 7_200_000), { kind: 'unhealthy', server: SERVER, atMs: 7_300_000 }]);
    const record = client.workflow.getHandle(modelRecordWorkflowId(of.cluster, of.registry, of.model));
    const quarantine = { address: BAD_URI, version: '2', by: 'an incident', reason: 'it does not load', atMs: 7_400_000 };
    await tell(of, [
      { kind: 'written', written: { what: 'alias', version: '1', atMs: 7_400_000 } },
      { kind: 'quarantined', quarantine },
      { kind: 'aliasMoved', version: '1', atMs: 7_500_000 },
      { kind: 'aliasMoved', version: '3', atMs: 9_000_000 },
    ]);
    await record.query(modelRecordNow);
    const who = { by: 'anna', reason: 'a rehearsal' };
    await record.executeUpdate(pinVersion, { args: [{ version: '1', ...who }] });
    await record.executeUpdate(pinVersion, { args: [{ version: '2', ...who }] }).catch(() => undefined);
    await record.executeUpdate(unpinVersion, { args: [who] });
    await record.executeUpdate(quarantineVersion, { args: [{ version: '1', ...who }] });
    await record.executeUpdate(releaseVersion, { args: [{ version: '1', ...who }] });
    return { 'model-record': record };
  } finally {
    await worker.stop();
  }
}

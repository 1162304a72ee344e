import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  log,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { ModelRecord } from '../incident/model-record.ts';
import { type KeptRecord, recordOf } from '../incident/models/kept-record.ts';
import { learn, type ModelFact } from '../incident/models/model-facts.ts';
import { heard, type PersonSays } from '../incident/models/person-says.ts';
import { openCommandTrail } from './command-trail.ts';
import * as messages from './messages.ts';
import { modelRecordText } from './model-record-text.ts';
import { readVersionCall } from './version-call.ts';

/** Keeps what is known of one model in one cluster, and never ends. */
export async function modelRecord({ cluster, record: carried, unwritten }: messages.ModelRecordInput): Promise<never> {
  let record = carried;
  const trail = openCommandTrail(unwritten);

  const enter = (kind: PersonSays['kind']) => (call: Partial<messages.VersionCall>) => {
    record = afterCall(record, kind, call);
    const { says, who } = readVersionCall(kind, call);
    trail.note({ command: kind, text: saidText(says, record.model), who });
    return recordOf(record);
  };
  const check = (kind: PersonSays['kind']) => ({
    validator: (call: Partial<messages.VersionCall>) => void afterCall(record, kind, call),
  });
  // First, since what was told before the first task is worked off as its handler comes, and people speak of what is known.
  setHandler(messages.modelFacts, (facts) => {
    record = learned(record, facts);
  });
  setHandler(messages.pinVersion, enter('pin'), check('pin'));
  setHandler(messages.unpinVersion, enter('unpin'), check('unpin'));
  setHandler(messages.quarantineVersion, enter('quarantine'), check('quarantine'));
  setHandler(messages.releaseVersion, enter('release'), check('release'));
  setHandler(messages.modelRecordNow, (): ModelRecord => recordOf(record));
  setHandler(messages.keptModelRecord, () => record);

  const isDone = () => workflowInfo().continueAsNewSuggested && allHandlersFinished();
  for (;;) {
    const shown = record;
    setCurrentDetails(modelRecordText(cluster, recordOf(shown)));
    await condition(() => isDone() || record !== shown);
    if (isDone()) return continueAsNew<typeof modelRecord>({ cluster, record, unwritten: trail.unwritten() });
  }
}

/** One fact that makes no sense must not stop the record. */
function learned(before: KeptRecord, facts: readonly ModelFact[]): KeptRecord {
  return facts.reduce((record, fact) => {
    try {
      return learn(record, fact);
    } catch (error) {
      log.warn('What was told of a model cannot be understood and is left out.', { kind: fact?.kind, error });
      return record;
    }
  }, before);
}

/** @throws ApplicationFailure with a sentence when the call cannot be understood, or cannot be so now */
function afterCall(record: KeptRecord, kind: PersonSays['kind'], call: Partial<messages.VersionCall>): KeptRecord {
  try {
    return heard(record, readVersionCall(kind, call).says, Date.now());
  } catch (error) {
    throw ApplicationFailure.nonRetryable((error as Error).message, 'CallNotUnderstood');
  }
}

const DONE = { pin: 'pinned', unpin: 'unpinned', quarantine: 'quarantined', release: 'released from quarantine' } as const;

function saidText(says: PersonSays, model: string): string {
  const what = says.kind === 'unpin' ? model : `version ${says.version} of ${model}`;
  return `${says.by} ${DONE[says.kind]} ${what}: ${says.reason}`;
}

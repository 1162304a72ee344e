import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultDataConverter } from '@temporalio/common';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { msToTs } from '@temporalio/common/lib/time.js';
import { readIncident } from '../../rehearsal/recorded/read-incident.ts';
import type { RecordedIncident } from '../../rehearsal/recorded/recorded.ts';

const client = { workflow: { options: { loadedDataConverter: defaultDataConverter } } } as unknown as Parameters<typeof readIncident>[0];

/** An incident of `test/replay/histories`, as a replay takes it. @param change of the history's text */
export function recordedIn(name: string, change: (text: string) => string = (text) => text): Promise<RecordedIncident> {
  const text = readFileSync(join(import.meta.dirname, '..', 'replay', 'histories', `${name}.json`), 'utf8');
  const { events } = historyFromJSON(JSON.parse(change(text)));
  // Of a file, it keeps times as plain numbers, and no client does.
  const timed = (events ?? []).map((event) => ({ ...event, eventTime: msToTs(Number(event.eventTime?.seconds) * 1000) }));
  return readIncident(client, `test/${name}`, [{ run: '01a22632-f2f8-75b2-af65-6249e4d7ef13', events: timed }]);
}

import { type Client, WorkflowFailedError } from '@temporalio/client';
import { type DigestTimes, digestSchedules, digestStart } from '../../worker/digest-schedule.ts';
import { type IncidentRecord, withIncidents } from '../incidents/connect.ts';
import { printable } from '../printable.ts';

const POSTED_WITHIN_MS = 120_000;

/** What `report digest` takes. */
export interface DigestOptions {
  readonly channel?: string;
  readonly every?: DigestTimes['every'];
  readonly now?: true;
  readonly off?: true;
  readonly at: Pick<DigestTimes, 'hour' | 'minute'>;
  readonly zone: string;
  readonly cluster?: string | null;
  readonly data: string;
  readonly json?: true;
}

/** What a call of it came to, as `--json` prints it. */
interface Came {
  readonly text: string;
  readonly json: object;
}

export function setDigest(options: DigestOptions): Promise<void> {
  return withIncidents(options.data, async (record) => {
    const { text, json } = await obey(record, options);
    process.stdout.write(options.json ? `${JSON.stringify(json)}\n` : text);
  });
}

async function obey(record: IncidentRecord, { channel, every, now, off, at, zone, cluster = null }: DigestOptions): Promise<Came> {
  const schedules = digestSchedules(record.client);
  if (!every && !now && !off) {
    const digests = (await schedules.list()).filter((one) => channel === undefined || one.channel === channel);
    const lines = digests.map((one) => `${one.channel}: next ${one.next ?? 'never: it is paused'}\n`);
    return { text: lines.join('') || 'No digest is scheduled.\n', json: { digests } };
  }
  if (channel === undefined)
    throw new Error('Cannot tell which channel is meant: name it with --channel, by its id in Slack, such as C012AB3CD.');
  if (off) {
    const was = await schedules.end(channel);
    return { text: was ? `No more digests for ${channel}.\n` : `There was no digest for ${channel}.\n`, json: { channel, ended: was } };
  }
  if (now) {
    const result = await postNow(record, { channel, cluster, days: every === 'day' ? 1 : 7 });
    return { text: result === 'posted' ? `Posted in ${channel}.\n` : `It stands in ${channel} already.\n`, json: { channel, result } };
  }
  const result = await schedules.set({ channel, cluster }, { every: every!, ...at, zone });
  const [one] = (await schedules.list()).filter((listed) => listed.channel === channel);
  const next = one?.next ?? null;
  const text = `A digest for ${channel} every ${every}: ${result}.${next === null ? '' : ` Next: ${next}.`}\nTry it with: paramedic report digest --channel ${channel} --now\n`;
  return { text, json: { channel, result, next } };
}

/** @throws a sentence when no worker posts it within a while, or it cannot be posted */
async function postNow(
  { client, linkTo }: IncidentRecord,
  input: { channel: string; cluster: string | null; days: number },
): Promise<'posted' | 'stood'> {
  const { workflowType, ...start } = digestStart(input);
  const handle = await client.workflow.start(workflowType, {
    ...start,
    workflowId: `report-digest/${input.channel}/${crypto.randomUUID()}`,
  });
  process.stderr.write('Reading the incidents; a worker posts it.\n');
  try {
    return (await client.withDeadline(Date.now() + POSTED_WITHIN_MS, () => handle.result())) as 'posted' | 'stood';
  } catch (error) {
    const link = linkTo(handle.workflowId, handle.firstExecutionRunId);
    const where = link === null ? handle.workflowId : link;
    if (error instanceof WorkflowFailedError)
      throw new Error(`It could not be posted: ${printable(messageOf(error))} See ${where}.`, { cause: error });
    throw new Error(
      `It is not posted after ${POSTED_WITHIN_MS / 1000} s, and is tried on: ${printable(await whyNot(client, handle.workflowId))} See ${where}.`,
      {
        cause: error,
      },
    );
  }
}

function messageOf(error: WorkflowFailedError): string {
  const { cause } = error as { readonly cause?: Error & { readonly cause?: Error } };
  return cause?.cause?.message ?? cause?.message ?? error.message;
}

/** What Temporal knows of why a workflow does not end. */
async function whyNot({ workflow }: Client, workflowId: string): Promise<string> {
  const { raw } = await workflow.getHandle(workflowId).describe();
  const [pending] = raw.pendingActivities ?? [];
  return (
    pending?.lastFailure?.message ??
    (pending ? 'it is at work still.' : 'no worker takes it; start one with "paramedic worker" or "paramedic up".')
  );
}

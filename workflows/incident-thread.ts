import { condition, setHandler, sleep } from '@temporalio/workflow';
import type { IncidentView, PostedMessage } from '../incident/incident-view.ts';
import { showIncident } from './calls.ts';
import { incidentShown, type ThreadInput } from './messages.ts';
import { settled } from './settled.ts';

/** What changes within so long is shown at once, so that Slack is not asked for every sentence. */
const GATHER = '1s';
/** An incident that says nothing for longer is gone without a word: somebody terminated it. */
const SILENT_AT_MOST = '15 days';

/**
 * Keeps one message in Slack as an incident is, with its story as a thread below. It is a workflow of its own, so that Slack, which may be
 * away for days, delays no incident and nothing is lost.
 */
export async function incidentThread({ channel }: ThreadInput): Promise<void> {
  let view: IncidentView | null = null;
  let posted: PostedMessage | null = null;
  let changes = 0;
  let shown = 0;
  const sentences: string[] = [];
  setHandler(incidentShown, (news) => {
    view = news.view;
    sentences.push(...news.sentences);
    changes++;
  });
  while (await condition(() => changes > shown, SILENT_AT_MOST, { summary: 'Wait for something new to show' })) {
    await sleep(GATHER, { summary: 'Gather what is to be shown in Slack' });
    const seen = changes;
    const done = await settled(() => showIncident({ channel, view: view!, sentences, posted }));
    shown = seen;
    if (done.kind === 'done') posted = done.value;
    if (isOver(view) && changes === shown) return;
  }
}

function isOver(view: IncidentView | null): boolean {
  return view?.end != null;
}

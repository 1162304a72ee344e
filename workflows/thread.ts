import { CancellationScope, type ChildWorkflowHandle, ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow';
import type { ViewNews } from '../incident/incident-view.ts';
import { incidentThread } from './incident-thread.ts';
import { type IncidentInput, incidentShown } from './messages.ts';

/** How an incident is shown where its runbook wants it to be. */
export interface Thread {
  /** Says what is new; it is shown as soon as it can be, and nobody waits. */
  show(news: ViewNews): void;
  /** Waits until all that is new was handed on, which takes no longer than Temporal does. */
  settled(): Promise<void>;
}

export function openThread({ runbook: { slackChannel } }: Pick<IncidentInput, 'runbook'>): Thread {
  if (!slackChannel) return { show: () => undefined, settled: async () => undefined };
  // However often it goes on as another failure type, it has one message.
  const { workflowId: incident, firstExecutionRunId: run } = workflowInfo();
  let pending: ViewNews | null = null;
  let handing: Promise<void> | null = null;
  let thread: ChildWorkflowHandle<typeof incidentThread> | null = null;
  const begin = () =>
    startChild(incidentThread, {
      workflowId: `slack-thread/${incident}/${run}`,
      args: [{ channel: slackChannel }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `The message in Slack about ${incident}`,
    });

  async function hand(): Promise<void> {
    while (pending !== null) {
      const news = pending;
      pending = null;
      try {
        thread ??= await begin();
        await thread.signal(incidentShown, news);
      } catch {
        // It cannot begin, or somebody ended it by hand: the incident goes on without it.
      }
    }
    handing = null;
  }

  return {
    show({ view, sentences }) {
      pending = { view, sentences: [...(pending?.sentences ?? []), ...sentences] };
      // Also of an incident that is being cancelled.
      handing ??= CancellationScope.nonCancellable(hand);
    },
    async settled() {
      await handing;
    },
  };
}

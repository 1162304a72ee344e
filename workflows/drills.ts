import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { executeChild, setCurrentDetails, setHandler, sleep } from '@temporalio/workflow';
import { drillWorkflowId } from '../incident/drill-ids.ts';
import { escapeMarkdown } from '../incident/markdown.ts';
import { demoteFailed } from './demote-failed.ts';
import { drill } from './drill.ts';
import { chooseDrills } from './drill-calls.ts';
import { type DrillResult, type DrillsInput, drillsNow } from './drill-messages.ts';
import { waitMs } from './drill-pace.ts';
import { tellOfDrills } from './tell-of-drills.ts';

/** Runs drills one after the other, and tells people of those that do not pass. */
export async function drills({ cluster, namespace, names, asking, perHour, tellsPeople }: DrillsInput): Promise<readonly DrillResult[]> {
  const done: DrillResult[] = [];
  /** When those that were healed ended, epoch milliseconds. */
  const healedMs: number[] = [];
  let total = names?.length ?? 0;
  let now: string | null = null;
  setHandler(drillsNow, () => ({ total, done, now }));
  const chosen = await chooseDrills(namespace, names, asking);
  total = chosen.length;
  for (const one of chosen) {
    const pauseMs = waitMs(healedMs, perHour, Date.now());
    if (pauseMs > 0) await sleep(pauseMs, { summary: `${perHour} were healed within an hour; others need the limits as well` });
    now = one.name;
    show();
    const result = await runOne(one);
    if (result.remedies.length > 0) healedMs.push(Date.now());
    done.push(result);
    now = null;
    show();
  }
  if (tellsPeople) {
    await demoteFailed(cluster, done);
    await tellOfDrills({ cluster, namespace }, done);
  }
  return done;

  async function runOne(one: (typeof chosen)[number]): Promise<DrillResult> {
    const { name, expect: expected } = one.drill;
    try {
      return await executeChild(drill, {
        workflowId: drillWorkflowId(cluster, namespace),
        args: [{ cluster, namespace, ...one }],
        // Whoever ends this has the drill clean up.
        parentClosePolicy: 'REQUEST_CANCEL',
        staticSummary: `Drill: ${name}`,
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      const why = [`Another drill is at work in the namespace ${namespace}.`];
      const nothing = { cause: null, end: null, remedies: [], seconds: null, incident: null, runbook: null };
      return { name: one.name, title: name, expected, verdict: 'notPlayed', why, ...nothing };
    }
  }

  function show(): void {
    const rows = done.map(
      ({ name, verdict, why, seconds }) => `| ${[name, verdict, seconds ?? '-', why.join('; ')].map(cell).join(' | ')} |`,
    );
    setCurrentDetails(
      [
        `### Drills in ${escapeMarkdown(namespace)} of cluster ${escapeMarkdown(cluster)}`,
        '',
        `${done.length} of ${total} are over${now === null ? '' : `; now ${escapeMarkdown(now)}`}.`,
        '',
        ...(rows.length > 0 ? ['| drill | verdict | seconds | why |', '| --- | --- | --- | --- |', ...rows, ''] : []),
        '\u00a0',
        '',
      ].join('\n'),
    );
  }
}

function cell(value: string | number): string {
  return escapeMarkdown(String(value));
}

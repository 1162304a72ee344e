import { labelsOf } from '../../gateway/resolve-target.ts';
import type { Alert } from '../../incident/alert.ts';
import type { Target } from '../../incident/target.ts';
import type { LoadedRunbooks } from '../../runbooks/load.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import { callFor } from '../called.ts';
import { rehearse } from '../rehearse.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import type { Stage } from '../stage.ts';
import type { Timeline } from '../timeline.ts';
import { kindOf } from './kind-of.ts';
import type { Case, CasesFile } from './schema.ts';
import { openScript } from './script.ts';

/** What came of a case. */
export interface Played {
  /** The runbook that took the alert; null: none did. */
  readonly runbook: Runbook | null;
  readonly timeline: Timeline;
}

/** Plays one case of a file. @param beside the runbook that the file stands beside */
export async function playCase(
  stage: Stage,
  one: Case,
  { mode: ofFile }: Pick<CasesFile, 'mode'>,
  beside: Runbook,
  loaded: Pick<LoadedRunbooks, 'runbooks' | 'limits'>,
): Promise<Played> {
  const target = targetOf(one, beside);
  const call = callFor(alertOf(one, target), target, loaded, { isAnswered: isAnswered(one), mode: one.mode ?? ofFile });
  if (call.kind === 'notTaken') return { runbook: null, timeline: [call] };
  const script = openScript(target, one.states);
  const answers = [...one.answers];
  const timeline = await rehearse(stage, {
    target,
    first: call.called,
    cluster: scriptedCluster(script),
    cue: script.cue,
    areAlertsOver: script.isAlertOver,
    stopped: () => null,
    answer() {
      const decision = answers.shift() ?? 'silence';
      return decision === 'silence' ? null : { decision, by: approverOf(call.runbook), reason: 'as the test says' };
    },
  });
  return { runbook: call.runbook, timeline };
}

function targetOf(one: Case, beside: Runbook): Target {
  const { namespace, name } = one.target;
  return { cluster: 'test', namespace, kind: kindOf(one, beside), name };
}

function alertOf({ alert: { name, labels, annotations } }: Case, target: Target): Alert {
  return { name, status: 'firing', fingerprint: '7e57', labels: { alertname: name, ...labelsOf(target), ...labels }, annotations };
}

function isAnswered({ answers }: Case): boolean {
  return answers.some((answer) => answer !== 'silence');
}

/** Somebody who may decide by the runbook. */
function approverOf({ approval: { approvers } }: Runbook) {
  const [name] = approvers?.people ?? [];
  const [user] = approvers?.slackUsers ?? [];
  const [group] = approvers?.slackGroups ?? [];
  if (name !== undefined || (user === undefined && group === undefined))
    return { id: name ?? 'tester', name: name ?? 'tester', way: 'commandLine' as const, groups: [] };
  return { id: user ?? 'U000TESTER', name: 'tester', way: 'slack' as const, groups: group === undefined ? [] : [group] };
}

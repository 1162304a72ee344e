import { demotionName, liftCommand } from '../guards/ledger/demotions.ts';
import { commonChain } from './calls.ts';
import type { DrillResult } from './drill-messages.ts';
import { escalationOf } from './escalating.ts';
import { openChain } from './escalation-chain.ts';
import { settled } from './settled.ts';

const NAMED_MAX = 10;

/** Tells people once of drills that have not passed, and of which runbooks each act must be allowed from now on. */
export async function tellOfDrills(
  where: { readonly cluster: string; readonly namespace: string },
  all: readonly DrillResult[],
): Promise<void> {
  const bad = all.filter(({ verdict }) => verdict !== 'passed');
  if (bad.length === 0) return;
  const looked = await settled(commonChain);
  const given = looked.kind === 'done' ? looked.value : null;
  // It says that something may fail some day: nobody is woken.
  const calm = given && { ...given, severity: 'warning' as const, levels: given.levels.map(({ severity: _, ...level }) => level) };
  const shown = { enter: () => undefined, tell: () => undefined, record: async () => undefined };
  const chain = openChain(calm, shown);
  const telling = await chain.tell(messageOf(where, all.length, bad), 'escalated');
  telling.stop();
  await chain.settled();
}

function messageOf(
  { cluster, namespace }: { readonly cluster: string; readonly namespace: string },
  total: number,
  bad: readonly DrillResult[],
) {
  const failed = bad.filter(({ verdict }) => verdict === 'failed');
  const runbooks = [...new Set(failed.flatMap(({ runbook }) => runbook ?? []))].sort();
  const named = bad
    .slice(0, NAMED_MAX)
    .map(({ title, verdict, why }) => `${title}: ${verdict === 'failed' ? '' : 'not played, '}${why.join('; ')}`);
  const set = `A person must allow each act of ${runbooks.join(', ')} from now on. Find out why; once a drill passes: ${runbooks.map((name) => liftCommand(demotionName({ runbook: name, remedy: null, namespace: null }))).join('; ')}`;
  return escalationOf({
    target: null,
    diagnosis: null,
    actions: [],
    reason: `${failed.length} of ${total} drills failed, and ${bad.length - failed.length} could not be played, in the namespace ${namespace} of cluster ${cluster}.`,
    nextStep: runbooks.length > 0 ? set : 'See why they could not be played: until then they prove nothing.',
    commands: bad.slice(0, NAMED_MAX).map(({ name }) => `paramedic drill run ${name} --namespace ${namespace}`),
    briefing: [...named, ...(bad.length > NAMED_MAX ? [`And ${bad.length - NAMED_MAX} more.`] : [])],
  });
}

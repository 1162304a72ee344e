import { CoreV1Api } from '@kubernetes/client-node';
import { until } from '../../until.ts';
import type { Stage } from '../stage.ts';
import { failingChecks, type Judged, specsOf } from './checks.ts';
import { follow } from './follow.ts';
import { alertOf } from './incidents.ts';
import { type Ground, inject, untilSettled } from './inject.ts';
import type { Played } from './judge.ts';
import { objectsIn } from './objects.ts';
import type { Housed } from './quick-runbooks.ts';
import type { PackedScenario } from './read-pack.ts';
import { filled } from './variables.ts';

const SHOWS_MS_MAX = 40_000;

/** What is done about a scenario's fault once it is there, and what came of it. */
export type Healer = (stage: Stage, scenario: PackedScenario, ground: Ground, judged: Judged) => Promise<Omit<Played, 'writes'>>;

/** Paramedic, told of the fault by an alert. */
export const byParamedic: Healer = (stage, scenario, { namespace }, judged) =>
  follow(stage, { scenario, namespace, alert: alertOf(scenario.alert, namespace, stage.sandbox.addresses), judged });

/** Breaks something in a namespace of its own, lets it be healed, and takes all of it away again. */
export async function play(stage: Stage, { scenario, namespace }: Housed, heal: Healer): Promise<Omit<Played, 'writes'>> {
  const core = stage.admin.makeApiClient(CoreV1Api);
  const { mlflowUrl } = stage.sandbox.addresses;
  const objects = objectsIn(stage.admin, namespace);
  const ground: Ground = { namespace, objects, mlflowUrl, variables: new Map([['namespace', namespace]]), leftovers: [] };
  await core.createNamespace({ body: { metadata: { name: namespace } } });
  try {
    await inject('setup', scenario.setup, ground);
    if (scenario.settled) await untilSettled(scenario.setup, ground);
    await inject('fault', scenario.fault, ground);
    const { variables } = ground;
    const ready: PackedScenario = {
      ...scenario,
      alert: filled(scenario.alert, variables),
      check: filled(scenario.check, variables),
      target: filled(scenario.target, variables),
    };
    const judged = { objects, mlflowUrl, specs: await specsOf(ready.check, objects) };
    if (scenario.expect.end === 'healed') await untilItShows(ready, judged);
    return await heal(stage, ready, ground, judged);
  } catch (error) {
    return { cause: null, end: 'notPlayed', remedies: [], seconds: null, said: null, failing: [(error as Error).message] };
  } finally {
    for (const leftover of ground.leftovers) await objects.remove(leftover).catch(() => {});
    await core.deleteNamespace({ name: namespace }).catch(() => {});
  }
}

/** Checks that hold while the fault is in force would call anything healed. */
async function untilItShows({ check }: PackedScenario, judged: Judged): Promise<void> {
  const shows = async () => (await failingChecks(check, judged)).length > 0;
  await until('a check fails because of the fault, so that they can tell whether it is cured', shows, 300, SHOWS_MS_MAX);
}

import { CoreV1Api } from '@kubernetes/client-node';
import { objectsIn } from '../../../clients/kubernetes/any-objects.ts';
import { specsOf } from '../../../drills/checks.ts';
import { untilItShows, untilSettled } from '../../../drills/inject.ts';
import type { Played } from '../../../drills/judge.ts';
import { filled } from '../../../drills/variables.ts';
import type { Stage } from '../stage.ts';
import type { Judged } from './checks.ts';
import { follow } from './follow.ts';
import { alertOf } from './incidents.ts';
import { type Ground, groundOf, inject } from './inject.ts';
import type { Housed } from './quick-runbooks.ts';
import type { PackedScenario } from './read-pack.ts';

/** What is done about a scenario's fault once it is there, and what came of it. */
export type Healer = (stage: Stage, scenario: PackedScenario, ground: Ground, judged: Judged) => Promise<Omit<Played, 'writes'>>;

/** Paramedic, told of the fault by an alert. */
export const byParamedic: Healer = (stage, scenario, { namespace }, judged) =>
  follow(stage, { scenario, namespace, alert: alertOf(scenario.alert, namespace, stage.sandbox.addresses), judged });

/** Breaks something in a namespace of its own, lets it be healed, and takes all of it away again. */
export async function play(stage: Stage, { scenario, namespace }: Housed, heal: Healer): Promise<Omit<Played, 'writes'>> {
  const core = stage.admin.makeApiClient(CoreV1Api);
  const { mlflowUrl } = stage.sandbox.addresses;
  const ground = groundOf(namespace, objectsIn(stage.admin, namespace), mlflowUrl);
  const { objects } = ground;
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
    if (scenario.expect.end === 'healed') await untilItShows(ready.check, ground);
    return await heal(stage, ready, ground, judged);
  } catch (error) {
    return { cause: null, end: 'notPlayed', remedies: [], seconds: null, said: null, failing: [(error as Error).message] };
  } finally {
    for (const leftover of ground.leftovers) await objects.remove(leftover).catch(() => {});
    await core.deleteNamespace({ name: namespace }).catch(() => {});
  }
}

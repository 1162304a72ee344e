import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { isWriteTo, judge, mayWrite, type Played } from '../../../drills/judge.ts';
import { permitOfficeWorkflowId } from '../../../incident/incident.ts';
import type { PartName } from '../../../sandbox/parts/part.ts';
import { guardBoard } from '../../../workflows/messages.ts';
import { until } from '../../until.ts';
import { type Stage, setTheStage } from '../stage.ts';
import { byParamedic, type Healer, play } from './play.ts';
import { type Housed, PACK_LIMITS, quickRunbooks } from './quick-runbooks.ts';
import type { PackedScenario } from './read-pack.ts';
import { byRestartsAlone } from './restart-only.ts';
import type { Row } from './table.ts';
import { turns } from './turns.ts';
import { writesIn } from './writes.ts';

/** How a pack is to be played. */
export interface PackOptions {
  readonly baseline: boolean;
  readonly atOnce: number;
  /** Optional parts of the sandbox. */
  readonly include: readonly PartName[];
  progress(line: string): void;
}

/** What came of every scenario, in their order. */
export interface PackPlayed {
  readonly rows: readonly Row[];
  /** Writes to what is in no namespace and no scenario lets be changed. */
  readonly strayWrites: number;
}

/** The API server writes its record a moment after it answers. */
const RECORD_MS = 1_000;

/** Gives each scenario a namespace whose name says nothing. */
export function house(scenarios: readonly PackedScenario[]): Housed[] {
  return scenarios.map((scenario) => ({ scenario, namespace: `team-${randomBytes(4).toString('hex')}` }));
}

/** Brings the stage up, plays the scenarios on it, and takes it down. */
export async function playPack(scenarios: readonly PackedScenario[], options: PackOptions): Promise<PackPlayed> {
  const housed = house(scenarios);
  const stage = await setTheStage({ include: options.include, limits: PACK_LIMITS, files: quickRunbooks(housed) });
  try {
    if (options.baseline) await stage.killParamedic();
    else await untilOfficeIsOpen(stage);
    return await playAll(stage, housed, options);
  } finally {
    await stage.leave();
  }
}

/** Plays housed scenarios on a stage: several at once, those that need the cluster alone after them, those that Prometheus tells of last. */
export async function playAll(
  stage: Stage,
  housed: readonly Housed[],
  { baseline, atOnce, progress }: Omit<PackOptions, 'include'>,
): Promise<PackPlayed> {
  const heal = baseline ? byRestartsAlone : byParamedic;
  const results = new Map<Housed, Omit<Played, 'writes'>>();
  const playSome = (some: readonly Housed[], together: number) =>
    inTurn(some, together, async (one) => results.set(one, await playOne(stage, one, heal, progress)));
  const { together, alone, untold } = turns(housed);
  // Else the sandbox's own alerts would join the incidents, and outlast the faults.
  await stage.sandbox.kill('alertmanager');
  await playSome(together, atOnce);
  await playSome(alone, 1);
  if (untold.length > 0) await stage.sandbox.start('alertmanager');
  await playSome(untold, atOnce);
  await pause(RECORD_MS);
  return judged(stage, housed, results);
}

async function playOne(stage: Stage, housed: Housed, heal: Healer, progress: (line: string) => void): Promise<Omit<Played, 'writes'>> {
  const { file } = housed.scenario;
  progress(`${file}: begins in ${housed.namespace}`);
  const played = await play(stage, housed, heal);
  const failing = played.failing.length > 0 ? ` (${played.failing.join('; ')})` : '';
  progress(`${file}: ${played.cause ?? 'no cause'}, ${played.end}, ${played.remedies.join(', ') || 'nothing done'}${failing}`);
  if (played.said) progress(`    ${played.said}`);
  return played;
}

function judged(stage: Stage, housed: readonly Housed[], results: ReadonlyMap<Housed, Omit<Played, 'writes'>>): PackPlayed {
  const all = writesIn(stage.sandbox.addresses.auditLogPath)();
  const shared = all.filter(({ namespace }) => namespace === null);
  const rows = housed.map((one): Row => {
    const { scenario, namespace } = one;
    const ours = shared.filter((write) => mayWrite(scenario).some((may) => isWriteTo(write, may)));
    const played: Played = { ...results.get(one)!, writes: [...all.filter((write) => write.namespace === namespace), ...ours] };
    return { scenario, played, judgement: judge(scenario, played) };
  });
  const strays = shared.filter((write) => !housed.some(({ scenario }) => mayWrite(scenario).some((may) => isWriteTo(write, may))));
  return { rows, strayWrites: strays.length };
}

/** So many at a time, each next one as soon as there is room. */
async function inTurn<T>(all: readonly T[], atOnce: number, work: (one: T) => Promise<unknown>): Promise<void> {
  const left = [...all];
  const hand = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: atOnce }, hand));
}

/** Without it the first incidents would wait for their permits. */
function untilOfficeIsOpen({ client }: Stage): Promise<void> {
  const office = client.workflow.getHandle(permitOfficeWorkflowId('local'));
  return until('the permit office is open', () =>
    office.query(guardBoard).then(
      () => true,
      () => false,
    ),
  );
}

import { CancellationScope, isCancellation, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import type { DrillPrepared, TestedRunbook } from '../activities/drill-course.ts';
import type { DrillSite } from '../activities/drill-site.ts';
import { escapeMarkdown } from '../incident/markdown.ts';
import { audit } from './calls.ts';
import {
  awaitDrillSettled,
  cleanUpDrill,
  endIncident,
  followDrill,
  gradeDrill,
  injectFault,
  prepareDrill,
  setUpDrill,
  tellOfFault,
} from './drill-calls.ts';
import type { DrillInput, DrillResult } from './drill-messages.ts';
import { story } from './messages.ts';
import { settled } from './settled.ts';

/** What making, breaking and taking away may take beside what the drill and its runbook wait for; after all of it the cluster takes everything away. */
const BESIDE_SECONDS = 3_600;
/** Where something is to be left alone, and what else comes in goes through the same hands. */
const QUIET_SECONDS = 30;
/** An incident whose alert is over, and that has nothing to verify, ends within this. */
const CLOSE_SECONDS = 30;

/** Breaks something on purpose, lets it be healed, grades that by the state of the cluster, and takes everything away again. */
export async function drill({ cluster, namespace, name, drill: given }: DrillInput): Promise<DrillResult> {
  const { workflowId, runId: id } = workflowInfo();
  const beganMs = Date.now();
  const sentences: string[] = [];
  let site: DrillSite = { cluster, namespace, id, drill: given };
  let runbook: TestedRunbook | null = null;
  let incident: string | null = null;
  setHandler(story, () => sentences);
  const { expect: expected, name: title } = given;
  const nothing = { cause: null, end: null, remedies: [], seconds: null };

  const prepared = await settled(() => prepareDrill(site));
  const cannot = whyNot(prepared);
  if (cannot !== null || prepared.kind === 'failed' || prepared.value.kind === 'cannot') return notPlayed(cannot ?? '');
  runbook = prepared.value.runbook;
  site = { ...site, drill: prepared.value.drill };
  await record(`A drill begins in the namespace ${namespace}: ${title}.`);
  try {
    return await end(await play(runbook));
  } catch (error) {
    if (isCancellation(error)) return await CancellationScope.nonCancellable(() => end(notPlayed('It was ended before it was over.')));
    return await end(notPlayed(`It could not be gone on with: ${(error as Error).message}`));
  }

  async function play(tested: TestedRunbook): Promise<DrillResult> {
    const { verify, settleSeconds } = tested;
    // As long as the file says, and what the runbook waits beside.
    const patienceSeconds = site.drill.timeoutSeconds + settleSeconds + 2 * (verify.timeoutSeconds + 2 * verify.stableSeconds);
    const broken = await settled(async () => {
      tell('What it needs is made.');
      await setUpDrill(site, patienceSeconds + BESIDE_SECONDS);
      await awaitDrillSettled(site);
      tell('The fault is injected.');
      return injectFault(site);
    });
    if (broken.kind === 'failed') return notPlayed(broken.message);
    const toldMs = Date.now();
    const told = await settled(() => tellOfFault(site, 'firing'));
    if (told.kind === 'failed') return notPlayed(`Nobody could be told of the fault: ${told.message}`);
    if ('why' in told.value) return notPlayed(told.value.why);
    ({ incident } = told.value);
    tell(site.drill.alert === null ? `Whatever watches the cluster is to notice it: ${incident}.` : `Its incident is ${incident}.`);
    const followed = { ...site, incident, beganMs, quietMs: toldMs - beganMs + (settleSeconds + QUIET_SECONDS) * 1000 };
    const seen = await followDrill({ ...followed, untilMs: toldMs + patienceSeconds * 1000, isOver: false });
    const seconds = seen.why === 'timeIsUp' ? null : Math.round((Date.now() - toldMs) / 100) / 10;
    tell(SAID[seen.why]);
    await settled(() => tellOfFault(site, 'resolved'));
    const closeSeconds = seen.why === 'healed' ? patienceSeconds : CLOSE_SECONDS;
    const isHandedOn = seen.why === 'handedOver';
    const closed = isHandedOn ? seen : await followDrill({ ...followed, untilMs: Date.now() + closeSeconds * 1000, isOver: true });
    const handedOver = seen.handedOver || closed.handedOver;
    const graded = await gradeDrill({ ...site, incident, beganMs, handedOver, seconds, specs: broken.value });
    const { cause, end: reached, remedies, right, why } = graded;
    return result({ verdict: right ? 'passed' : 'failed', why, cause, end: reached, remedies, seconds: graded.seconds });
  }

  /** Nothing is left behind, whatever came before. */
  async function end(found: DrillResult): Promise<DrillResult> {
    return CancellationScope.nonCancellable(async () => {
      if (incident !== null) {
        const ours = incident;
        await settled(() => tellOfFault(site, 'resolved'));
        await settled(() => endIncident(ours, beganMs));
      }
      const cleaned = await settled(() => cleanUpDrill({ namespace, id }));
      const left = cleaned.kind === 'failed' ? [`What it had made could not be taken away: ${cleaned.message}`] : [];
      const whole = { ...found, why: [...found.why, ...left], verdict: left.length > 0 ? ('failed' as const) : found.verdict };
      tell(verdictText(whole));
      await record(`A drill ended in the namespace ${namespace}: ${title}. ${verdictText(whole)}`);
      return whole;
    });
  }

  function notPlayed(why: string): DrillResult {
    tell(`It was not played: ${why}`);
    return result({ verdict: 'notPlayed', why: [why], ...nothing });
  }

  function result(found: Pick<DrillResult, 'verdict' | 'why' | 'cause' | 'end' | 'remedies' | 'seconds'>): DrillResult {
    return { name, title, expected, incident, runbook: runbook?.name ?? null, ...found };
  }

  function tell(sentence: string): void {
    sentences.push(`${new Date().toISOString().slice(11, 19)} ${sentence}`);
    const lines = sentences.map((one) => `- ${escapeMarkdown(one)}`);
    setCurrentDetails([`### Drill: ${escapeMarkdown(title)}`, '', ...lines, '', '\u00a0', ''].join('\n'));
  }

  async function record(text: string): Promise<void> {
    await settled(() =>
      audit('Audit: Drilled', null, { at: new Date().toISOString(), incident: workflowId, run: id, step: 'Drilled', text }),
    );
  }
}

const SAID = {
  ended: 'The incident is over.',
  handedOver: 'A person is told, or asked.',
  healed: 'The cluster is as it is to be.',
  quiet: 'Nothing was done for long enough.',
  timeIsUp: 'The time is up.',
} as const;

function verdictText({ verdict, why }: DrillResult): string {
  return verdict === 'passed' ? 'It has passed.' : `It has ${verdict === 'failed' ? 'failed' : 'not been played'}: ${why.join('; ')}`;
}

/** Why it cannot be run; null: it can. */
function whyNot(prepared: Awaited<ReturnType<typeof settled<DrillPrepared>>>): string | null {
  if (prepared.kind === 'failed') return prepared.message;
  return prepared.value.kind === 'cannot' ? prepared.value.why : null;
}

import { activityInfo, heartbeat, sleep } from '@temporalio/activity';
import type { Cluster } from '../clients/cluster.ts';
import type { ExperienceKeeper } from '../clients/experiences.ts';
import { TargetChanged } from '../clients/failures.ts';
import { type PermitOffices, PermitVoid } from '../clients/permit-offices.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { goldenHealth } from '../diagnosis/golden-health.ts';
import { healthOf } from '../diagnosis/health.ts';
import { healthBy } from '../diagnosis/health-by.ts';
import { suspectsOf } from '../diagnosis/suspects.ts';
import { suspectsAround } from '../diagnosis/suspects-around.ts';
import type { CauseKind } from '../incident/cause.ts';
import { type Change, inverse } from '../incident/change.ts';
import { type Context, QUIET_CONTEXT } from '../incident/context.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import { type Evidence, isRun, readyPods, servedModel, servingWorkload } from '../incident/evidence.ts';
import type { Recalled } from '../incident/experience/recalled.ts';
import type { FailureType } from '../incident/failure-type.ts';
import type { GoldenRequest } from '../incident/golden-request.ts';
import type { Measure } from '../incident/measure.ts';
import type { Plan } from '../incident/plan.ts';
import type { Rung } from '../incident/remedy.ts';
import type { Suspect } from '../incident/suspect.ts';
import { type Target, targetText } from '../incident/target.ts';
import type { Verdict } from '../incident/verdict.ts';
import type { View } from '../incident/view.ts';
import { planRemedy, type RemedyLimits } from '../remedies/plan-remedy.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { unlessEnding } from './ending.ts';
import { asActivityFailure, messageOf } from './failures.ts';

/** What stands around a target costs more calls than its pods do. */
const LOOK_EVERY_MS: Readonly<Record<Measure, number>> = { pods: 1_000, load: 3_000, paths: 3_000, memory: 3_000 };
/** Of what may take hours, looks are further apart, and still within a heartbeat. */
const LOOK_EVERY_MS_MAX = 10_000;
const LOOKS_WANTED = 1_000;
const LOST_NAMED_MAX = 5;

/** What was seen of a target and what it means. */
export interface Examination {
  readonly diagnosis: Diagnosis;
  readonly evidence: Evidence;
  readonly context: Context;
  /** What its failing pods may have in common with other targets'. */
  readonly suspects: readonly Suspect[];
  /** What earlier incidents say of the cause; absent where that was not asked for. */
  readonly recalled?: Recalled;
}

/** A plan the API server would accept, or why the remedy cannot be used. */
export type PlanAnswer = { readonly kind: 'plan'; readonly plan: Plan } | { readonly kind: 'unusable'; readonly reason: string };

/** One application of a plan. */
export interface Act {
  readonly target: Target;
  readonly plan: Plan;
  /** The same key is the same act, however often it is asked for. It is also its permit's id. */
  readonly key: string;
  /** What the plan is for. */
  readonly cause: CauseKind;
  readonly view?: View;
}

export interface Verification {
  readonly target: Target;
  readonly limits: Runbook['verify'];
  /** For servers on which no golden request is written; null or absent: there is none. */
  readonly golden?: GoldenRequest | null;
  /** By what it is to be well; its pods where nothing is said. */
  readonly measure?: Measure;
  /** How things stood before the act; null where there was none. */
  readonly before: Pick<Plan, 'readyBefore' | 'displacedBefore'> | null;
}

/** @param experiences absent: nothing was learned */
export function healingActivities(
  cluster: Cluster,
  offices: Pick<PermitOffices, 'whyVoid'>,
  experiences?: Pick<ExperienceKeeper, 'recall'>,
) {
  /** What stands around a target that is well explains nothing, and is not asked for where its pods alone are the measure. */
  async function lookAt(target: Target, { measure = 'pods', golden = null }: View): Promise<Pick<Examination, 'evidence' | 'context'>> {
    const evidence = await cluster.observe(target);
    const mayAnswer = servedModel(evidence) !== null && healthOf(evidence).kind === 'recovered';
    const answers = mayAnswer ? await cluster.askGolden(target, evidence, golden) : QUIET_CONTEXT.golden;
    const isWell = measure === 'pods' && healthBy(measure, evidence, { ...QUIET_CONTEXT, golden: answers }).kind === 'recovered';
    return { evidence, context: { ...(isWell ? QUIET_CONTEXT : await cluster.readContext(target, evidence)), golden: answers } };
  }

  /** A look at a target never fails for what was learned. */
  async function recall({ cluster: of, kind }: Target, failureType: FailureType, cause: CauseKind): Promise<Recalled> {
    try {
      return { kind: 'read', rows: (await experiences?.recall({ cluster: of, failureType }, cause, kind)) ?? [] };
    } catch (error) {
      return { kind: 'unread', why: messageOf(error) };
    }
  }

  /**
   * Directly before the write, the permit and the target are looked at once more. The office may need the very worker that is told to
   * end, which begins no write any more. @throws PermitVoid, TargetChanged, CancelledFailure
   */
  async function lookOnceMore({ target, key, cause, view = {} }: Act): Promise<void> {
    const looks = Promise.all([offices.whyVoid(target.cluster, key), lookAt(target, view)]);
    const [whyVoid, { evidence, context }] = await unlessEnding(looks);
    if (whyVoid !== null) throw new PermitVoid(whyVoid);
    const now = diagnose(evidence, context, view);
    if (now.cause !== cause)
      throw new TargetChanged(`${targetText(target)} was ${cause} and is ${now.cause} now: ${now.reasons.join(' ')}`);
  }

  return {
    /** @param recallOf also says what earlier incidents of this failure type came to, since to ask for it by itself costs a history six events */
    examine(target: Target, view: View = {}, recallOf: FailureType | null = null): Promise<Examination> {
      return asActivityFailure(async () => {
        const { evidence, context } = await unlessEnding(lookAt(target, view));
        const suspects = [...suspectsOf(evidence), ...suspectsAround(context)];
        const diagnosis = diagnose(evidence, context, view);
        const recalled = recallOf === null ? {} : { recalled: await unlessEnding(recall(target, recallOf, diagnosis.cause)) };
        return { diagnosis, evidence, context, suspects, ...recalled };
      });
    },

    /** Makes the remedy concrete for what was seen, and asks the API server whether it would accept it. */
    planAct(target: Target, remedy: Rung, evidence: Evidence, limits: RemedyLimits, context?: Context): Promise<PlanAnswer> {
      return asActivityFailure(async () => {
        const planned = planRemedy(remedy, evidence, limits, context);
        if (planned.kind === 'unusable') return planned;
        const { change, why } = planned;
        const { uid, generation } = evidence;
        await unlessEnding(cluster.apply(target, change, { uid, generation }, { key: 'dry-run', dryRun: true }));
        const displacedBefore = (await unlessEnding(cluster.displacedPods())).map(({ pod }) => pod);
        return { kind: 'plan', plan: { remedy, change, uid, generation, readyBefore: readyPods(evidence), displacedBefore, why } };
      });
    },

    /** Acts once per key: a repetition finds the key on the target, written with the change, and changes nothing. */
    applyPlan(act: Act): Promise<void> {
      return asActivityFailure(async () => {
        const { target, plan, key } = act;
        const { change, uid, generation } = plan;
        await cluster.apply(target, change, { uid, generation }, { key, dryRun: false, beforeWrite: () => lookOnceMore(act) });
      });
    },

    /** Restores exactly what the act changed, if nobody has changed it since. False where nothing can be restored. */
    undoAct(target: Target, uid: string, change: Change, key: string): Promise<boolean> {
      return asActivityFailure(async () => {
        const back = inverse(change);
        if (back === null) return false;
        await cluster.apply(target, back, { uid, generation: null }, { key: `${key}/undo`, dryRun: false, undoes: key });
        return true;
      });
    },

    /** Looks until the target was healthy for the whole window, or until patience ends. */
    async awaitRecovery({ target, measure = 'pods', limits, golden = null, before }: Verification): Promise<Verdict> {
      const deadline = activityInfo().scheduledTimestampMs + limits.timeoutSeconds * 1000;
      const lookEveryMs = Math.max(LOOK_EVERY_MS[measure], Math.min(LOOK_EVERY_MS_MAX, (limits.timeoutSeconds * 1000) / LOOKS_WANTED));
      let healthySince: number | null = null;
      for (;;) {
        const seen = await unlessEnding(look(cluster, target, measure, before?.readyBefore ?? 0));
        const now = Date.now();
        healthySince = seen.verdict.kind === 'recovered' ? (healthySince ?? now) : null;
        const isStable = healthySince !== null && now - healthySince >= limits.stableSeconds * 1000;
        // Asked once it is stable, and again as long as the answer is not the right one.
        const verdict = isStable ? await unlessEnding(unlessAnswersWrongly(cluster, target, seen, golden)) : seen.verdict;
        if (isStable && verdict.kind === 'recovered')
          return before === null ? verdict : unlessEnding(unlessOthersLost(cluster, target, verdict, before));
        if ((healthySince === null || isStable) && (seen.isFinal || now >= deadline)) return verdict;
        heartbeat();
        // The last look is when patience ends, and not some time after.
        await sleep(now < deadline ? Math.min(lookEveryMs, deadline - now) : lookEveryMs);
      }
    },
  };
}

interface Look {
  readonly verdict: Verdict;
  /** No later look will see anything else. */
  readonly isFinal: boolean;
  /** Null where nothing could be read. */
  readonly evidence: Evidence | null;
}

/** What cannot be read is neither healthy nor unhealthy. */
async function look(cluster: Cluster, target: Target, measure: Measure, readyBefore: number): Promise<Look> {
  try {
    const evidence = await cluster.observe(target);
    const ofPods = healthOf(evidence);
    const verdict = ofPods.kind === 'recovered' ? healthBy(measure, evidence, await aroundFor(measure, cluster, target, evidence)) : ofPods;
    const ready = readyPods(evidence);
    // What grows does not shrink by being looked at.
    const grows = measure === 'memory' && ofPods.kind === 'recovered';
    if (verdict.kind !== 'notRecovered' || ready >= readyBefore) return { verdict, isFinal: grows || hasFailed(evidence), evidence };
    return {
      verdict: { kind: 'worse', seen: `${verdict.seen}; ${readyBefore} pods were ready before, ${ready} are now` },
      isFinal: false,
      evidence,
    };
  } catch (error) {
    return { verdict: { kind: 'unknown', reason: messageOf(error) }, isFinal: false, evidence: null };
  }
}

/** As much of what stands around a target as a measure asks for; looks come every few seconds. */
async function aroundFor(measure: Measure, cluster: Cluster, target: Target, evidence: Evidence): Promise<Context> {
  if (measure === 'pods') return QUIET_CONTEXT;
  if (measure === 'load') return { ...QUIET_CONTEXT, scaling: await cluster.readScaling(target, evidence) };
  return cluster.readContext(target, evidence);
}

/** A run that failed, or that somebody stopped, does not recover by being looked at. */
function hasFailed(evidence: Evidence): boolean {
  const state = isRun(evidence) ? evidence.runs[0]?.state : undefined;
  return state === 'failed' || state === 'stopped';
}

/** Ready is not serving: what is asked for must be answered, too. */
async function unlessAnswersWrongly(cluster: Cluster, target: Target, seen: Look, given: GoldenRequest | null): Promise<Verdict> {
  const served = seen.evidence && servedModel(seen.evidence);
  if (!seen.evidence || !served) return seen.verdict;
  return goldenHealth(seen.verdict, { golden: await cluster.askGolden(target, seen.evidence, given) });
}

/** A cure that costs others their place is none, however well the target is. What leaves a node that the target is not on left by itself. */
async function unlessOthersLost(
  cluster: Cluster,
  target: Target,
  verdict: Verdict,
  { displacedBefore }: Pick<Plan, 'displacedBefore'>,
): Promise<Verdict> {
  try {
    const since = (await cluster.displacedPods()).filter(({ pod }) => !displacedBefore.includes(pod));
    if (since.length === 0) return verdict;
    const nodes = nodesOf(await cluster.observe(target));
    const lost = since.filter(({ node }) => node === null || nodes.includes(node)).map(({ pod }) => pod);
    if (lost.length === 0) return verdict;
    const some = `${lost.sort().slice(0, LOST_NAMED_MAX).join(', ')}${lost.length > LOST_NAMED_MAX ? ' and more' : ''}`;
    return { kind: 'worse', seen: `the target is well, but ${lost.length} pods have no place since: ${some}` };
  } catch (error) {
    return {
      kind: 'unknown',
      reason: `The target is well, but whether others lost their place cannot be read: ${messageOf(error)}`,
    };
  }
}

/** The nodes that the target's pods are or were on. */
function nodesOf(evidence: Evidence): readonly string[] {
  const pods = isRun(evidence) ? evidence.pods : (servingWorkload(evidence)?.pods ?? []);
  return pods.flatMap(({ node }) => (node === null ? [] : [node]));
}

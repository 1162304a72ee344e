import { z } from 'zod';
import type { ModelLoading } from '../../incident/evidence.ts';
import type { ServedVersion } from '../../incident/model.ts';
import { redact } from '../../incident/redact.ts';
import type { ApplyOptions, Bound } from '../cluster.ts';
import { Refused, TargetChanged, TargetGone, unlessGone } from '../failures.ts';
import { actId } from '../google/act-id.ts';
import { bodyOf, isConflict, isMissing } from '../google/failures.ts';
import { type GoogleAccess, googleCall, locationOf } from '../google/google-call.ts';
import { readAnswer } from '../http/read-answer.ts';
import type { OutsideClient } from '../outside.ts';
import type { ServedModelReader } from './served-model.ts';

const ROLLOUTS_MAX = 20;
const WORDS_CHARACTERS_MAX = 300;
/** Nothing has come of these yet. */
const UNDER_WAY = ['IN_PROGRESS', 'PENDING', 'PENDING_RELEASE', 'CANCELLING', 'PENDING_APPROVAL', 'STATE_UNSPECIFIED'];
const FAILED = ['FAILED', 'APPROVAL_REJECTED', 'CANCELLED', 'HALTED'];

const Rollout = z.object({
  /** Ends with `/releases/RELEASE/rollouts/ROLLOUT`. */
  name: z.string(),
  uid: z.string().default(''),
  state: z.string().default('STATE_UNSPECIFIED'),
  createTime: z.string().default(''),
  failureReason: z.string().default(''),
});
type Rollout = z.infer<typeof Rollout>;
const Rollouts = z.object({ rollouts: z.array(Rollout).default([]) });
const Pipeline = z.object({
  uid: z.string(),
  annotations: z.record(z.string(), z.string()).default({}),
  suspended: z.boolean().default(false),
});
const OPT_OUT = 'paramedic.dev/off';

/** What a delivery pipeline has brought to one of its targets, the newest first. */
interface Delivered {
  readonly pipeline: z.infer<typeof Pipeline>;
  readonly rollouts: readonly Rollout[];
}

/**
 * Sees what Cloud Deploy brought to a target, and goes back to an earlier release. It is named `PIPELINE.TARGET`; versions are releases.
 */
export function cloudDeploy(access: GoogleAccess, servedModel: ServedModelReader): OutsideClient {
  const call = googleCall('Cloud Deploy', access);
  const pathOf = (pipeline: string) => `${locationOf(access)}/deliveryPipelines/${encodeURIComponent(pipeline)}`;

  async function read(name: string): Promise<Delivered> {
    const { pipeline, target } = partsOf(name);
    const text = `Delivery pipeline ${pipeline}`;
    const of = await call({ method: 'GET', path: pathOf(pipeline), needs: 'clouddeploy.deliveryPipelines.get', expects: isMissing });
    const query = { filter: `targetId="${target}"`, orderBy: 'createTime desc', pageSize: String(ROLLOUTS_MAX) };
    const listed = await call({
      method: 'GET',
      path: `${pathOf(pipeline)}/releases/-/rollouts`,
      query,
      needs: 'clouddeploy.rollouts.list',
    });
    const { rollouts } = readAnswer(
      Rollouts,
      listed.kind === 'done' ? listed.body : null,
      `Cloud Deploy's list of the rollouts to ${name}`,
    );
    if (rollouts.length === 0) throw new TargetGone(`${text} has brought nothing to target ${target}.`);
    return {
      pipeline: readAnswer(Pipeline, bodyOf(of, text), `Cloud Deploy's answer about pipeline ${pipeline}`),
      rollouts: rollouts.toSorted((a, b) => b.createTime.localeCompare(a.createTime)),
    };
  }

  async function apply(name: string, from: ServedVersion, to: ServedVersion, bound: Bound, { key, dryRun, beforeWrite }: ApplyOptions) {
    const { pipeline, target } = partsOf(name);
    const { pipeline: found, rollouts } = await read(name);
    const [newest] = rollouts;
    const rolloutId = actId(key);
    if (rollouts.some((one) => one.name.endsWith(`/rollouts/${rolloutId}`))) return 'alreadyApplied';
    if (newest && UNDER_WAY.includes(newest.state)) throw new TargetChanged(`A rollout to ${name} is under way: ${newest.state}.`);
    if (found.uid !== bound.uid) throw new TargetChanged(`Delivery pipeline ${pipeline} was deleted and made anew since it was looked at.`);
    if (!newest || releaseOf(newest) !== from.address)
      throw new TargetChanged(
        `Release ${newest ? releaseOf(newest) : 'none'} is what was brought to ${name} last, and not ${from.address}.`,
      );
    if (!dryRun) await beforeWrite?.();
    // Without a release it would go back to whatever was before.
    const body = { targetId: target, rolloutId, releaseId: to.address, ...(dryRun ? { validateOnly: true } : {}) };
    const needs = 'clouddeploy.rollouts.rollback and clouddeploy.rollouts.create';
    const answer = await call({ method: 'POST', path: `${pathOf(pipeline)}:rollbackTarget`, body, needs, expects: isConflict });
    if (answer.kind === 'failed' && answer.code === 'ALREADY_EXISTS') return 'alreadyApplied';
    bodyOf(answer, `What was brought to ${name}`);
    return 'applied';
  }

  return {
    is: 'server',
    settings: 'PARAMEDIC_GOOGLE_PROJECT and PARAMEDIC_GOOGLE_LOCATION',
    namespace: 'cloud-deploy',

    async observe({ name }) {
      const { pipeline, rollouts } = await read(name);
      const [newest] = rollouts;
      const done = rollouts.find(({ state }) => state === 'SUCCEEDED');
      const server = { text: `delivery pipeline ${name}`, name: `cloud-deploy/${name}`, annotations: pipeline.annotations };
      const served = await servedModel(server, {
        addressing: '{version}',
        wanted: newest ? releaseOf(newest) : null,
        settings: {},
        serving: done ? [releaseOf(done)] : [],
      });
      return {
        kind: 'DeliveryPipeline',
        uid: pipeline.uid,
        generation: newest ? Date.parse(newest.createTime) : 0,
        ready: newest?.state === 'SUCCEEDED',
        served,
        loading: newest ? loadingOf(newest) : null,
        workload: null,
        traffic: null,
      };
    },

    async apply({ name }, change, bound, options) {
      if (change.kind !== 'modelVersion') throw new Refused(`Cloud Deploy goes back to a release at ${name}, and changes nothing else.`);
      return apply(name, change.from, change.to, bound, options);
    },

    topmost: (name) => unlessGone(() => read(name).then(() => ({ kind: 'DeliveryPipeline', name }))),

    async optOut({ name }) {
      const { pipeline } = await read(name);
      if (pipeline.suspended) return 'it is suspended';
      return pipeline.annotations[OPT_OUT] ? `the annotation ${OPT_OUT}` : null;
    },
  };
}

/** @throws Refused where the name is none */
function partsOf(name: string): { readonly pipeline: string; readonly target: string } {
  const [pipeline, target, ...more] = name.split('.');
  if (!pipeline || !target || more.length > 0)
    throw new Refused(`"${name}" names no delivery pipeline and target; it must be PIPELINE.TARGET, such as churn.prod.`);
  return { pipeline, target };
}

function releaseOf({ name }: Rollout): string {
  return /\/releases\/([^/]+)\/rollouts\//.exec(name)?.[1] ?? '';
}

function loadingOf({ state, failureReason }: Rollout): ModelLoading {
  const failure = failureReason ? redact(failureReason, WORDS_CHARACTERS_MAX) : null;
  if (FAILED.includes(state)) return { transition: 'BlockedByFailedLoad', wanted: 'FailedToLoad', failure: failure ?? state };
  return state === 'SUCCEEDED'
    ? { transition: 'UpToDate', wanted: 'Loaded', failure: null }
    : { transition: 'InProgress', wanted: null, failure };
}

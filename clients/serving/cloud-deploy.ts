import { z } from 'zod';
import type { ServedVersion } from '../../incident/model.ts';
import type { ApplyOptions, Bound } from '../cluster.ts';
import { Refused, TargetChanged, TargetGone, unlessGone } from '../failures.ts';
import { actId } from '../google/act-id.ts';
import { bodyOf, isConflict, isMissing, isThere } from '../google/failures.ts';
import { type GoogleAccess, googleCall, idOf, locationOf } from '../google/google-call.ts';
import { listAll } from '../google/pages.ts';
import { readAnswer } from '../http/read-answer.ts';
import type { OutsideClient } from '../outside.ts';
import {
  begunLast,
  type Delivered,
  doneLast,
  loadingOf,
  Pipeline,
  partsOf,
  Rollout,
  releaseOf,
  stoppedBy,
  underWay,
  unfinished,
} from './cloud-deploy-seen.ts';
import type { ServedModelReader } from './served-model.ts';

/** Enough to find the last one that succeeded, the newest first. */
const ROLLOUTS_MAX = 50;
const PAGE_SIZE = 100;
const READ = 'clouddeploy.deliveryPipelines.get';
const READ_ROLLOUTS = 'clouddeploy.rollouts.list';
const ROLL_BACK = 'clouddeploy.rollouts.rollback and clouddeploy.rollouts.create';
const OPT_OUT = 'paramedic.dev/off';

const Rollouts = z.object({ rollouts: z.array(Rollout).default([]) });
const pipelines = z.object({ deliveryPipelines: z.array(Pipeline).default([]) }).transform((listed) => listed.deliveryPipelines);

/**
 * Sees what Cloud Deploy brought to a target, and goes back to an earlier release. It is named `PIPELINE.TARGET`; versions are releases.
 */
export function cloudDeploy(access: GoogleAccess, servedModel: ServedModelReader): Extract<OutsideClient, { readonly is: 'server' }> {
  const call = googleCall('Cloud Deploy', access);
  const all = `${locationOf(access)}/deliveryPipelines`;
  const pathOf = (pipeline: string) => `${all}/${encodeURIComponent(pipeline)}`;
  const textOf = (pipeline: string) => `Delivery pipeline ${pipeline}`;

  async function readPipeline(pipeline: string): Promise<Delivered['pipeline']> {
    const answer = await call({ method: 'GET', path: pathOf(pipeline), needs: READ, expects: isMissing });
    return readAnswer(Pipeline, bodyOf(answer, textOf(pipeline)), `Cloud Deploy's answer about pipeline ${pipeline}`);
  }

  async function read(name: string): Promise<Delivered> {
    const { pipeline, target } = partsOf(name);
    const found = await readPipeline(pipeline);
    const query = { filter: `targetId=${JSON.stringify(target)}`, orderBy: 'createTime desc', pageSize: String(ROLLOUTS_MAX) };
    const answer = await call({ method: 'GET', path: `${pathOf(pipeline)}/releases/-/rollouts`, query, needs: READ_ROLLOUTS });
    const body = answer.kind === 'done' ? answer.body : null;
    const { rollouts } = readAnswer(Rollouts, body, `Cloud Deploy's list of the rollouts to ${name}`);
    if (rollouts.length === 0) throw new TargetGone(`${textOf(pipeline)} has brought nothing to target ${target}.`);
    return { pipeline: found, rollouts: rollouts.toSorted((a, b) => Date.parse(b.createTime) - Date.parse(a.createTime)) };
  }

  /** A rollout of ours has a name of its act, so that there is one of it at most. */
  async function apply(name: string, from: ServedVersion, to: ServedVersion, bound: Bound, options: ApplyOptions) {
    const { pipeline, target } = partsOf(name);
    const { key, dryRun, beforeWrite } = options;
    const delivered = await read(name);
    const rolloutId = actId(key);
    if (delivered.rollouts.some((one) => idOf(one) === rolloutId)) return 'alreadyApplied';
    const last = checkStart(name, delivered, from, bound);
    checkEnd(name, delivered, to, options);
    await beforeWrite?.();
    // Without a release it would go back to whatever was before.
    const body = {
      targetId: target,
      rolloutId,
      releaseId: to.address,
      ...(last.state === 'SUCCEEDED' ? { rolloutToRollBack: idOf(last) } : {}),
      ...(dryRun ? { validateOnly: true } : {}),
    };
    const answer = await call({ method: 'POST', path: `${pathOf(pipeline)}:rollbackTarget`, body, needs: ROLL_BACK, expects: isConflict });
    if (answer.kind === 'failed' && isThere(answer)) return 'alreadyApplied';
    bodyOf(answer, `What was brought to ${name}`);
    return 'applied';
  }

  return {
    is: 'server',
    namespace: 'cloud-deploy',

    async observe({ name }) {
      const delivered = await read(name);
      const [last, done] = [begunLast(delivered), doneLast(delivered)];
      const stopped = last && stoppedBy(last);
      const server = { text: `delivery pipeline ${name}`, name: `cloud-deploy/${name}`, annotations: delivered.pipeline.annotations };
      const served = await servedModel(server, {
        addressing: '{version}',
        wanted: last && releaseOf(last),
        settings: {},
        serving: done ? [releaseOf(done)] : [],
      });
      return {
        kind: 'DeliveryPipeline',
        uid: delivered.pipeline.uid,
        generation: last ? Date.parse(last.createTime) : 0,
        ready: last?.state === 'SUCCEEDED',
        served,
        loading: last && loadingOf(last),
        workload: null,
        ...(stopped === null ? {} : { stoppedBy: stopped }),
        traffic: last && unfinished(last),
      };
    },

    async apply({ name }, change, bound, options) {
      if (change.kind !== 'modelVersion') throw new Refused(`Cloud Deploy goes back to a release at ${name}, and changes nothing else.`);
      return apply(name, change.from, change.to, bound, options);
    },

    topmost: (name) => unlessGone(() => read(name).then(() => ({ kind: 'DeliveryPipeline', name }))),

    async list() {
      const query = { pageSize: String(PAGE_SIZE) };
      const needs = 'clouddeploy.deliveryPipelines.list';
      const found = await listAll(call, { path: all, query, needs, page: pipelines, what: "Cloud Deploy's list of delivery pipelines" });
      return found.flatMap((one) => one.serialPipeline.stages.map(({ targetId }) => `${idOf(one)}.${targetId}`));
    },

    async optOut({ name }) {
      const { annotations, suspended } = await readPipeline(partsOf(name).pipeline);
      if (suspended) return 'it is suspended';
      return annotations[OPT_OUT] ? `annotation ${OPT_OUT}` : null;
    },
  };
}

/** @returns the rollout that is to be rolled back @throws TargetChanged */
function checkStart(name: string, delivered: Delivered, from: ServedVersion, { uid, generation }: Bound): Rollout {
  if (delivered.pipeline.uid !== uid)
    throw new TargetChanged(`The delivery pipeline of ${name} was deleted and made anew since it was looked at.`);
  const running = underWay(delivered);
  if (running)
    throw new TargetChanged(`A rollout of release ${releaseOf(running)} to ${name} is under way, or is to be: ${running.state}.`);
  const last = begunLast(delivered);
  if (last === null || releaseOf(last) !== from.address)
    throw new TargetChanged(`Release ${last ? releaseOf(last) : 'none'} is what was brought to ${name} last, and not ${from.address}.`);
  if (generation !== null && generation !== Date.parse(last.createTime))
    throw new TargetChanged(`Release ${from.address} was brought to ${name} once more since it was looked at.`);
  return last;
}

/** What never succeeded there is not brought back, even where that would take back an act of ours. @throws Refused */
function checkEnd(name: string, { rollouts }: Delivered, { address }: ServedVersion, { undoes }: ApplyOptions): void {
  const succeeded = rollouts.some((one) => releaseOf(one) === address && one.state === 'SUCCEEDED');
  if (undoes !== undefined && !succeeded) throw new Refused(`Release ${address} never succeeded at ${name}, and is not brought back.`);
}

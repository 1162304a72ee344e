import { z } from 'zod';
import type { Change } from '../../incident/change.ts';
import type { ServedVersion } from '../../incident/model.ts';
import type { ApplyOptions, Bound } from '../cluster.ts';
import { Refused, TargetChanged, TryLater } from '../failures.ts';
import { actId, actNumber } from '../google/act-id.ts';
import { bodyOf, isConflict, isMissing, isThere } from '../google/failures.ts';
import { listAll } from '../google/pages.ts';
import type { Answer, SystemCall } from '../http/system-call.ts';
import {
  addressOfDeployed,
  type DeployedModel,
  deploymentOf,
  type Endpoint,
  generationOf,
  isSameSplit,
  servedOf,
  splitFor,
  uidOf,
} from './vertex-endpoint-seen.ts';

/** The label that says which act of ours changed it last. */
const ACT = 'paramedic-act';
/** The share of a model that has no id yet, in a call that deploys it. */
const NEW_MODEL = '0';
const LOOK_AGAIN_MS = 15_000;

const operations = z
  .object({ operations: z.array(z.object({ name: z.string(), done: z.boolean().default(false) })).default([]) })
  .transform((listed) => listed.operations);

type VersionChange = Extract<Change, { readonly kind: 'modelVersion' }>;

/** One endpoint as it is to be changed. */
interface Place {
  readonly endpoint: Endpoint;
  /** Of the endpoint, below the API's address. */
  readonly path: string;
  /** As a sentence begins. */
  readonly text: string;
}

/**
 * Brings an endpoint to another version. One that is still deployed gets the traffic in one write, on condition of the endpoint's etag.
 * Another is deployed first, with all the traffic once it is up, which takes minutes: verification waits for that. Nothing is undeployed.
 * Each write leaves its key on the endpoint.
 */
export function endpointChanger(call: (call: SystemCall) => Promise<Answer>) {
  async function patch({ endpoint, path, text }: Place, key: string, split: Endpoint['trafficSplit'] | null): Promise<void> {
    const labels = { ...endpoint.labels, [ACT]: actId(key) };
    const query = { updateMask: split === null ? 'labels' : 'trafficSplit,labels' };
    const body = { ...(split === null ? {} : { trafficSplit: split }), labels, etag: endpoint.etag };
    const expects = (failure: Parameters<typeof isConflict>[0]) => isConflict(failure) || failure.code === 'FAILED_PRECONDITION';
    bodyOf(await call({ method: 'PATCH', path, query, body, needs: 'aiplatform.endpoints.update', expects }), text);
  }

  /** What is under way at it, such as a deployment; an operation tells nobody's name. */
  async function underWay({ path, text }: Place): Promise<readonly string[]> {
    const query = { filter: 'done=false' };
    const needs = 'aiplatform.operations.list';
    const found = await listAll(call, {
      path: `${path}/operations`,
      query,
      needs,
      page: operations,
      what: `The list of operations of ${text}`,
    });
    return found.filter(({ done }) => !done).map(({ name }) => name);
  }

  async function deploy({ path, text }: Place, address: string, how: Readonly<Record<string, unknown>>, key: string): Promise<void> {
    const body = { deployedModel: { ...how, id: actNumber(key), model: address }, trafficSplit: { [NEW_MODEL]: 100 } };
    const needs = 'aiplatform.endpoints.deploy, or aiplatform.models.get on the model,';
    const answer = await call({ method: 'POST', path: `${path}:deployModel`, body, needs, expects: isConflict });
    if (answer.kind === 'failed' && isThere(answer)) return;
    bodyOf(answer, text);
  }

  /** A deployment of the act that is taken back would bring its version all the same. @throws TryLater until it has ended */
  async function callOff(place: Place): Promise<void> {
    const [running] = await underWay(place);
    if (running === undefined) return;
    const needs = 'the right to cancel operations of the endpoint';
    await call({ method: 'POST', path: `${running}:cancel`, needs, expects: isMissing });
    throw new TryLater(`${place.text} is being brought to another version, which is called off; it is looked at again.`, LOOK_AGAIN_MS);
  }

  async function start(
    place: Place,
    { from, to }: VersionChange,
    target: DeployedModel | null,
    { key, dryRun, beforeWrite }: ApplyOptions,
  ): Promise<'applied'> {
    const { endpoint, text } = place;
    const like = endpoint.deployedModels.find((one) => addressOfDeployed(one) === from.address);
    const how = target ? null : deploymentOf(to, like);
    if (!target && how === null) throw new Refused(`${text} shows no resources with which ${to.address} could be deployed.`);
    await beforeWrite?.();
    if (dryRun) return 'applied';
    if (target) await patch(place, key, splitFor(endpoint, target, to));
    if (how === null) return 'applied';
    // A deployment knows no etag, so that its key goes before it, on condition of that.
    if (!isMarked(endpoint, key)) await patch(place, key, null);
    await deploy(place, to.address, how, key);
    return 'applied';
  }

  return async (place: Place, change: VersionChange, bound: Bound, options: ApplyOptions): Promise<'applied' | 'alreadyApplied'> => {
    const { endpoint, text } = place;
    const { key, undoes } = options;
    if (bound.uid !== uidOf(endpoint)) throw new TargetChanged(`${text} was deleted and made anew since it was looked at.`);
    if (undoes !== undefined && isMarked(endpoint, undoes)) await callOff(place);
    const target = deployedAt(endpoint, change.to);
    if (target && isSameSplit(endpoint.trafficSplit, splitFor(endpoint, target, change.to))) return 'alreadyApplied';
    if (isMarked(endpoint, key)) {
      if (target || (await underWay(place)).length > 0) return 'alreadyApplied';
      // Whoever began it was stopped before the deployment.
      return start(place, change, null, options);
    }
    checkStart(place, change.from, bound, undoes);
    const [running] = await underWay(place);
    if (running !== undefined) throw new TargetChanged(`${text} is being changed by somebody else: ${running}.`);
    return start(place, change, target, options);
  };
}

/** @throws TargetChanged */
function checkStart({ endpoint, text }: Place, from: ServedVersion, { generation }: Bound, undoes: string | undefined): void {
  const { wanted, serving } = servedOf(endpoint);
  const now = serving.join(' and ') || 'nothing';
  if (undoes !== undefined && !(isMarked(endpoint, undoes) && serving.length === 1 && wanted === from.address))
    throw new TargetChanged(`${text} was changed by somebody else since; it serves ${now}.`);
  if (wanted !== from.address) throw new TargetChanged(`${text} serves ${now} now, and not mostly ${from.address}.`);
  if (generation !== null && generation !== generationOf(endpoint)) throw new TargetChanged(`${text} changed since it was looked at.`);
}

/** What is deployed of the version: what has most of the traffic, where it is so more than once. Null where nothing is. */
function deployedAt({ deployedModels, trafficSplit }: Endpoint, { address }: ServedVersion): DeployedModel | null {
  const all = deployedModels.filter((one) => addressOfDeployed(one) === address);
  return all.toSorted((a, b) => (trafficSplit[b.id] ?? 0) - (trafficSplit[a.id] ?? 0))[0] ?? null;
}

function isMarked({ labels }: Endpoint, key: string): boolean {
  return labels[ACT] === actId(key);
}

import { z } from 'zod';
import type { Change } from '../../incident/change.ts';
import type { GoldenRequest } from '../../incident/golden-request.ts';
import { unexpected } from '../../incident/golden-request.ts';
import type { ServedVersion } from '../../incident/model.ts';
import type { ApplyOptions, Bound } from '../cluster.ts';
import { Refused, TargetChanged, unlessGone } from '../failures.ts';
import { bodyOf, isConflict, isMissing } from '../google/failures.ts';
import { type GoogleAccess, googleCall, locationOf } from '../google/google-call.ts';
import { readAnswer } from '../http/read-answer.ts';
import type { OutsideClient } from '../outside.ts';
import type { GoldenAsker } from './ask-pods.ts';
import { MODEL, REGISTRY, type ServedModelReader } from './served-model.ts';
import { addressOfDeployed, type DeployedModel, Endpoint, modelIdOf, servedOf, splitText, TRAFFIC } from './vertex-endpoint-seen.ts';

const Operations = z.object({ operations: z.array(z.object({ name: z.string(), done: z.boolean().default(false) })).default([]) });
const OPT_OUT = 'paramedic';
/** The share of a model that has none yet, in a call that deploys it. */
const NEW_MODEL = '0';

/** Sees and changes endpoints of Vertex AI: a version that is still deployed gets the traffic at once, another is deployed first. */
export function vertexEndpoints(access: GoogleAccess, servedModel: ServedModelReader): OutsideClient {
  const call = googleCall('Vertex AI', access);
  const pathOf = (name: string) => `${locationOf(access)}/endpoints/${encodeURIComponent(name)}`;
  const textOf = (name: string) => `The Vertex AI endpoint ${name}`;

  async function read(name: string): Promise<Endpoint> {
    const answer = await call({ method: 'GET', path: pathOf(name), needs: 'aiplatform.endpoints.get', expects: isMissing });
    return readAnswer(Endpoint, bodyOf(answer, textOf(name)), `Vertex AI's answer about endpoint ${name}`);
  }

  async function split(name: string, { etag }: Endpoint, trafficSplit: Readonly<Record<string, number>>): Promise<void> {
    const body = { trafficSplit, etag };
    const query = { updateMask: 'trafficSplit' };
    const needs = 'aiplatform.endpoints.update';
    bodyOf(await call({ method: 'PATCH', path: pathOf(name), query, body, needs, expects: isConflict }), textOf(name));
  }

  /** An endpoint does one deployment at a time, so that one that is under way is ours, or in our way. */
  async function isDeploying(name: string): Promise<boolean> {
    const needs = 'aiplatform.operations.list';
    const answer = await call({ method: 'GET', path: `${pathOf(name)}/operations`, query: { filter: 'done=false' }, needs });
    const listed = readAnswer(
      Operations,
      answer.kind === 'done' ? answer.body : null,
      `Vertex AI's list of the operations of endpoint ${name}`,
    );
    return listed.operations.some(({ done }) => !done);
  }

  /** Takes minutes, which verification waits for. */
  async function deploy(name: string, address: string, like: DeployedModel): Promise<void> {
    const { dedicatedResources, automaticResources, serviceAccount, displayName } = like;
    const resources = dedicatedResources ? { dedicatedResources } : { automaticResources: automaticResources ?? { minReplicaCount: 1 } };
    const deployedModel = { model: address, displayName, ...resources, ...(serviceAccount ? { serviceAccount } : {}) };
    const needs = 'aiplatform.endpoints.deploy and aiplatform.models.get';
    const body = { deployedModel, trafficSplit: { [NEW_MODEL]: 100 } };
    bodyOf(await call({ method: 'POST', path: `${pathOf(name)}:deployModel`, body, needs, expects: isConflict }), textOf(name));
  }

  async function apply(name: string, from: ServedVersion, to: ServedVersion, bound: Bound, { dryRun, beforeWrite }: ApplyOptions) {
    const endpoint = await read(name);
    const { wanted, serving } = servedOf(endpoint);
    const target = endpoint.deployedModels.findLast((one) => addressOfDeployed(one) === to.address);
    const wantedSplit = target && splitFor(endpoint, target, to);
    if (wantedSplit && sameSplit(endpoint.trafficSplit, wantedSplit)) return 'alreadyApplied';
    if (wanted !== from.address && !serving.includes(from.address))
      throw new TargetChanged(`${textOf(name)} serves ${serving.join(', ') || 'nothing'} now, and not ${from.address}.`);
    if (bound.uid !== uidOf(endpoint)) throw new TargetChanged(`${textOf(name)} was deleted and made anew since it was looked at.`);
    if (bound.generation !== null && bound.generation !== generationOf(endpoint)) {
      if (!target && (await isDeploying(name))) return 'alreadyApplied';
      throw new TargetChanged(`${textOf(name)} changed since it was looked at.`);
    }
    const like = endpoint.deployedModels.find((one) => addressOfDeployed(one) === from.address);
    if (!target && !like) throw new Refused(`${textOf(name)} shows no resources with which ${to.address} could be deployed.`);
    if (!target && (await isDeploying(name))) return 'alreadyApplied';
    await beforeWrite?.();
    if (dryRun) return 'applied';
    if (wantedSplit) await split(name, endpoint, wantedSplit);
    else await deploy(name, to.address, like!);
    return 'applied';
  }

  const ask: GoldenAsker = async ({ name }, _evidence, golden: GoldenRequest) => {
    if (golden.protocol !== 'v1') throw new Refused(`${textOf(name)} is asked by the protocol v1 alone, and not by ${golden.protocol}.`);
    const beganMs = Date.now();
    const isFinding = ({ status }: { status: number }) => ![401, 403, 404, 429].includes(status);
    const needs = 'aiplatform.endpoints.predict';
    const answer = await call({ method: 'POST', path: `${pathOf(name)}:predict`, body: golden.body, needs, expects: isFinding });
    const tookMs = Date.now() - beganMs;
    if (answer.kind === 'failed') return { kind: 'wrong', by: `endpoint ${name}`, why: `it answers ${answer.status}: ${answer.message}` };
    if (tookMs > golden.withinMs)
      return { kind: 'wrong', by: `endpoint ${name}`, why: `it takes ${tookMs} ms, more than ${golden.withinMs}` };
    const why = unexpected(golden, answer.body);
    return why === null ? { kind: 'answered', by: 1, slowestMs: tookMs } : { kind: 'wrong', by: `endpoint ${name}`, why };
  };

  return {
    is: 'server',
    settings: 'PARAMEDIC_GOOGLE_PROJECT and PARAMEDIC_GOOGLE_LOCATION',
    namespace: 'vertex-ai',
    ask,

    async observe({ name }) {
      const endpoint = await read(name);
      const seen = servedOf(endpoint);
      const model = modelIdOf(seen.wanted);
      const annotations = model === null ? {} : { [MODEL]: model, [REGISTRY]: 'vertex' };
      const served = await servedModel({ text: `endpoint ${name}`, name: `vertex-ai/${name}`, annotations }, seen);
      return {
        kind: 'VertexEndpoint',
        uid: uidOf(endpoint),
        generation: generationOf(endpoint),
        ready: seen.serving.length > 0,
        served,
        loading: null,
        workload: null,
        traffic: splitText(endpoint),
      };
    },

    async apply({ name }, change: Change, bound, options) {
      if (change.kind !== 'modelVersion') throw new Refused(`${textOf(name)} has a version that can be changed, and nothing else.`);
      return apply(name, change.from, change.to, bound, options);
    },

    topmost: (name) => unlessGone(() => read(name).then(() => ({ kind: 'VertexEndpoint', name }))),

    async optOut({ name }) {
      return (await read(name)).labels[OPT_OUT] === 'off' ? `the label ${OPT_OUT}=off` : null;
    },
  };
}

/** All of it to one version, or as it was when that version was looked at, as far as what was deployed then still is. */
function splitFor({ deployedModels }: Endpoint, target: DeployedModel, { settings }: ServedVersion): Readonly<Record<string, number>> {
  const before = z.record(z.string(), z.number()).safeParse(JSON.parse(settings?.[TRAFFIC] ?? 'null')).data ?? {};
  const shares = Object.entries(before).filter(([, share]) => share > 0);
  const isWhole = shares.length > 0 && shares.every(([id]) => deployedModels.some((one) => one.id === id)) && (before[target.id] ?? 0) > 0;
  return isWhole ? Object.fromEntries(shares) : { [target.id]: 100 };
}

function sameSplit(now: Readonly<Record<string, number>>, wanted: Readonly<Record<string, number>>): boolean {
  const ids = new Set([...Object.keys(now), ...Object.keys(wanted)]);
  return [...ids].every((id) => (now[id] ?? 0) === (wanted[id] ?? 0));
}

function uidOf({ name, createTime }: Endpoint): string {
  return `${name}#${createTime}`;
}

/** It counts none; when it was last changed does the same. */
function generationOf({ updateTime }: Endpoint): number {
  return Date.parse(updateTime);
}

import type { ModelLoading } from '../../incident/evidence.ts';
import type { ServerSettings } from '../../incident/model.ts';
import { type InferenceService, type PlacedModel, placedModel } from './inference-service-spec.ts';
import { loadingOf } from './kserve-loading.ts';

/** Names of the settings that hold how far a version was brought: a part of the requests, or the name of a canary. */
export const CANARY_SHARE = 'canaryTrafficPercent';
export const CANARY = 'canary';

/** What an InferenceService is to serve in the end: its predictor's model, or that of the one canary beside it. */
export interface WantedModel extends PlacedModel {
  /** JSON Pointer of the predictor that names it. */
  readonly root: string;
  readonly loading: ModelLoading | null;
}

/** Deployments that answer requests, and why not all of these go to what is wanted. */
export interface Answering {
  /** Of the wanted version; null until its controller has made any. */
  readonly wanted: string | null;
  /** Of all versions that get requests. */
  readonly all: readonly string[];
  /** As a sentence; null where all go to what is wanted. */
  readonly traffic: string | null;
}

/** @returns why there is no single one, as a sentence; `text` names the service in it */
export function wantedModel({ spec, status }: InferenceService, text: string): WantedModel | string {
  const [canary, ...others] = spec.canary;
  if (others.length > 0) return `The ${text} has ${spec.canary.length} canaries, none of which alone is its newest version.`;
  const placed = placedModel(canary?.predictor ?? spec.predictor, text);
  if (typeof placed === 'string') return placed;
  const told = canary ? status.canaryStatuses.find(({ name }) => name === canary.predictor.name)?.modelStatus : status.modelStatus;
  const share = spec.predictor.canaryTrafficPercent;
  const brought: ServerSettings = {
    ...(canary ? { [CANARY]: canary.predictor.name } : {}),
    ...(typeof share === 'number' ? { [CANARY_SHARE]: String(share) } : {}),
  };
  return {
    ...placed,
    root: canary ? '/spec/canary/0/predictor' : '/spec/predictor',
    settings: { ...placed.settings, ...brought },
    loading: loadingOf(told),
  };
}

/** Whether Knative runs its pods, in revisions; else there are plain Deployments. Both modes have two names. */
function isKnative({ status }: InferenceService): boolean {
  return status.deploymentMode === 'Knative' || status.deploymentMode === 'Serverless';
}

export function answering(service: InferenceService): Answering {
  return isKnative(service) ? inRevisions(service) : inDeployments(service);
}

function inDeployments({ metadata, spec }: InferenceService): Answering {
  const named = (name: string) => `${metadata.name}${name ? `-${name}` : ''}-predictor`;
  const stable = named(spec.predictor.name);
  const [canary] = spec.canary;
  if (!canary) return { wanted: stable, all: [stable], traffic: null };
  const asked = spec.canary.filter(({ trafficPercent }) => trafficPercent > 0);
  const shared = asked.reduce((sum, { trafficPercent }) => sum + trafficPercent, 0);
  const shares = spec.canary.map(({ trafficPercent, predictor }) => `canary ${predictor.name} gets ${trafficPercent} %`);
  return {
    wanted: named(canary.predictor.name),
    all: [...(shared < 100 ? [stable] : []), ...asked.map(({ predictor }) => named(predictor.name))],
    traffic: `${shares.join(', ')} of the requests`,
  };
}

/** Knative names the Deployment of a revision so. */
const deploymentOf = (revision: string) => `${revision}-deployment`;

function inRevisions({ status }: InferenceService): Answering {
  const { latestCreatedRevision: newest = '', traffic = [] } = status.components.predictor ?? {};
  const shares = traffic.filter(({ percent, revisionName }) => (percent ?? 0) > 0 && revisionName !== '');
  const revisions = [...new Set(shares.map(({ revisionName }) => revisionName))];
  const elsewhere = shares.filter(({ revisionName }) => revisionName !== newest);
  return {
    wanted: newest === '' ? null : deploymentOf(newest),
    all: revisions.map(deploymentOf),
    traffic: trafficText(newest, revisions, elsewhere),
  };
}

function trafficText(
  newest: string,
  revisions: readonly string[],
  elsewhere: readonly { readonly revisionName: string; readonly percent?: number | null | undefined }[],
): string | null {
  if (newest === '') return 'no revision of it was made yet';
  if (revisions.length === 0) return 'none of its revisions gets requests yet';
  if (elsewhere.length === 0) return null;
  const shares = elsewhere.map(({ revisionName, percent }) => `${percent} % of the requests go to revision ${revisionName}`);
  return `${shares.join(', ')}, and not to the newest one, ${newest}`;
}

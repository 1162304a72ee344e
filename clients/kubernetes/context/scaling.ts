import {
  AutoscalingV2Api,
  type ConfigurationOptions,
  CoreV1Api,
  CustomObjectsApi,
  type KubeConfig,
  PolicyV1Api,
  type V1Deployment,
  type V1PodDisruptionBudget,
  type V1ResourceQuota,
  type V1StatefulSet,
  type V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';
import { z } from 'zod';
import type { BudgetSeen, QuotaUse, Scaler, Scaling } from '../../../incident/scaling.ts';
import type { Target } from '../../../incident/target.ts';
import type { Metrics } from '../../prometheus/prometheus.ts';
import { INFERENCE_SERVICES } from '../../serving/inference-service-type.ts';
import { asClusterFailure, orNull } from '../api-failures.ts';
import { abortedBy, type Deadline } from '../deadline.ts';
import type { ResourceType } from '../guarded-patch.ts';
import type { WorkloadName } from '../read-workload.ts';
import { reading } from '../reading.ts';
import { runningReader } from '../running-workload.ts';
import { SCALED_OBJECTS, VERTICAL_AUTOSCALERS } from '../scaler-types.ts';
import { autoscalerSeen } from './autoscaler-seen.ts';
import { busyShare } from './busy-share.ts';
import { ScalerObject, scalerSeen } from './scaler-seen.ts';

const LISTED_MAX = 500;
const QUOTAS_TOLD_MAX = 40;

/** Reads what scales a target, through the workload that runs its pods. KEDA's and the VPA's kinds may not be known to the cluster. */
export function scalingReader(config: KubeConfig, metrics: Metrics | null) {
  const runningOf = runningReader(config);
  const autoscaling = config.makeApiClient(AutoscalingV2Api);
  const core = config.makeApiClient(CoreV1Api);
  const objects = config.makeApiClient(CustomObjectsApi);
  const policy = config.makeApiClient(PolicyV1Api);

  /** All of a kind in a namespace; none where the cluster does not know the kind. */
  async function list(type: ResourceType, namespace: string, options: ConfigurationOptions): Promise<readonly ScalerObject[]> {
    const answer = await orNull<unknown>(() => objects.listNamespacedCustomObject({ ...type, namespace, limit: LISTED_MAX }, options));
    return answer === null ? [] : z.object({ items: z.array(ScalerObject) }).parse(answer).items;
  }

  return async (target: Target, deadline: Deadline): Promise<Scaling | null> => {
    const { namespace, kind, name } = target;
    const options = abortedBy(deadline);
    const [workload] = kind === 'Rollout' ? [] : await runningOf(target, options);
    // Of a DaemonSet the nodes say how many pods there are; what scales a Rollout is not followed.
    if (workload === undefined || workload.kind === 'DaemonSet') return null;
    const { object } = workload;
    const running = { kind: workload.kind, namespace, name: object.metadata?.name ?? '' };
    const page = { namespace, limit: LISTED_MAX };
    const what = `what scales ${namespace}/${kind}/${name}`;
    const load = metrics === null ? null : reading('Prometheus', deadline, () => busyShare(metrics, running, deadline.signal));
    const [service, scaledObjects, autoscalers, verticals, quotas, budgets] = await asClusterFailure(what, () =>
      Promise.all([
        kind === 'InferenceService'
          ? objects.getNamespacedCustomObject({ ...INFERENCE_SERVICES, namespace, name }, options).then((one) => ScalerObject.parse(one))
          : null,
        list(SCALED_OBJECTS, namespace, options),
        autoscaling.listNamespacedHorizontalPodAutoscaler(page, options),
        list(VERTICAL_AUTOSCALERS, namespace, options),
        core.listNamespacedResourceQuota(page, options),
        policy.listNamespacedPodDisruptionBudget(page, options),
      ]),
    );
    const scaledObject = scaledObjects.find(({ spec }) => isOf(spec.scaleTargetRef, running)) ?? null;
    const autoscaler =
      autoscalers.items.find(
        ({ metadata, spec }) => isOf(spec?.scaleTargetRef, running) || metadata?.name === scaledObject?.status?.hpaName,
      ) ?? null;
    const vertical = verticals.find(({ spec }) => isOf(spec.targetRef, running)) ?? null;
    return {
      scaler: topmost({ kind: running.kind, object, service, scaledObject, autoscaler }),
      autoscaler: autoscaler && autoscalerSeen(autoscaler),
      verticalMode: vertical && (vertical.spec.updatePolicy?.updateMode ?? 'Auto'),
      replicasWrittenBy: writerOfReplicas(object),
      quotas: quotas.items.flatMap(quotaUses).slice(0, QUOTAS_TOLD_MAX),
      budgets: budgets.items.filter((budget) => covers(budget, object)).map(budgetSeen),
      load: (await load) ?? { kind: 'read', value: null },
    };
  };
}

interface Found {
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly object: V1Deployment | V1StatefulSet;
  readonly service: ScalerObject | null;
  readonly scaledObject: ScalerObject | null;
  readonly autoscaler: V2HorizontalPodAutoscaler | null;
}

/** Where the bound is written that the others are set from: KServe makes an autoscaler of an InferenceService, and KEDA one of a ScaledObject. */
function topmost({ kind, object, service, scaledObject, autoscaler }: Found): Scaler {
  const lower = scaledObject ?? (autoscaler && ScalerObject.parse(JSON.parse(JSON.stringify(autoscaler))));
  const isMadeByService = service !== null && (lower?.metadata.ownerReferences ?? []).some(({ uid }) => uid === service.metadata.uid);
  if (service !== null && (lower === null || isMadeByService)) return scalerSeen('InferenceService', service, lower === null);
  if (lower !== null) return scalerSeen(scaledObject === null ? 'HorizontalPodAutoscaler' : 'ScaledObject', lower, false);
  return scalerSeen(kind, ScalerObject.parse(JSON.parse(JSON.stringify(object))), true);
}

function isOf(
  ref: { readonly kind?: string | null | undefined; readonly name: string } | null | undefined,
  { kind, name }: Pick<WorkloadName, 'kind' | 'name'>,
): boolean {
  return ref?.name === name && (ref.kind ?? 'Deployment') === kind;
}

/** The manager that the API server names for `spec.replicas`. */
function writerOfReplicas({ metadata }: Found['object']): string | null {
  const fields = metadata?.managedFields?.find(({ fieldsV1 }) => {
    const spec = (fieldsV1 as { readonly 'f:spec'?: Readonly<Record<string, unknown>> } | undefined)?.['f:spec'];
    return spec?.['f:replicas'] !== undefined;
  });
  return fields?.manager ?? null;
}

function quotaUses({ metadata, spec, status }: V1ResourceQuota): QuotaUse[] {
  return Object.entries(status?.hard ?? spec?.hard ?? {}).map(([resource, hard]) => ({
    quota: metadata?.name ?? '',
    resource,
    used: status?.used?.[resource] ?? '0',
    hard,
  }));
}

/** One without a selector selects nothing, and one that selects by expressions is taken for one over these pods. */
function covers({ spec }: V1PodDisruptionBudget, { spec: workload }: Found['object']): boolean {
  const labels = workload?.template.metadata?.labels ?? {};
  return spec?.selector !== undefined && Object.entries(spec.selector.matchLabels ?? {}).every(([label, value]) => labels[label] === value);
}

function budgetSeen({ metadata, status }: V1PodDisruptionBudget): BudgetSeen {
  return { name: metadata?.name ?? '', minAvailable: status?.desiredHealthy ?? 0, disruptionsAllowed: status?.disruptionsAllowed ?? 0 };
}

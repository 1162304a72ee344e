import type { V2HorizontalPodAutoscaler, V2MetricSpec, V2MetricStatus, V2MetricTarget, V2MetricValueStatus } from '@kubernetes/client-node';
import { redact } from '../../../incident/redact.ts';
import type { AutoscalerMetric, AutoscalerSeen } from '../../../incident/scaling.ts';
import { thousandths } from '../surroundings/quantity.ts';

const MESSAGE_CHARACTERS_MAX = 300;
const METRICS_MAX = 10;

/** A HorizontalPodAutoscaler in the product's words. */
export function autoscalerSeen({ metadata, spec, status }: V2HorizontalPodAutoscaler): AutoscalerSeen {
  return {
    name: metadata?.name ?? '',
    least: spec?.minReplicas ?? 1,
    most: spec?.maxReplicas ?? 0,
    current: status?.currentReplicas ?? 0,
    desired: status?.desiredReplicas ?? 0,
    conditions: (status?.conditions ?? []).map((one) => ({
      type: one.type,
      status: one.status,
      reason: one.reason ?? '',
      message: redact(one.message ?? '', MESSAGE_CHARACTERS_MAX),
    })),
    metrics: (spec?.metrics ?? []).slice(0, METRICS_MAX).map((metric) => metricSeen(metric, status?.currentMetrics ?? [])),
  };
}

function metricSeen(metric: V2MetricSpec, statuses: readonly V2MetricStatus[]): AutoscalerMetric {
  const name = nameOf(metric);
  const target = sourceOf(metric)?.target;
  const found = statuses.find((one) => one.type === metric.type && nameOf(one) === name);
  const current = found && sourceOf(found)?.current;
  return {
    name,
    target: (target && valueText(target)) ?? 'unknown',
    current: (current && valueText(current)) ?? null,
    ofTarget: share(current, target),
  };
}

type Source = { readonly name?: string; readonly metric?: { readonly name: string }; readonly container?: string };

function sourceOf(metric: V2MetricSpec): (Source & { readonly target: V2MetricTarget }) | undefined;
function sourceOf(metric: V2MetricStatus): (Source & { readonly current: V2MetricValueStatus }) | undefined;
function sourceOf({ resource, containerResource, pods, object, external }: V2MetricSpec | V2MetricStatus): Source | undefined {
  return resource ?? containerResource ?? pods ?? object ?? external;
}

function nameOf(metric: V2MetricSpec | V2MetricStatus): string {
  const source: Source = sourceOf(metric as V2MetricSpec) ?? {};
  const name = source.metric?.name ?? source.name ?? metric.type;
  return source.container === undefined ? name : `${name} of container ${source.container}`;
}

function valueText({ averageUtilization, averageValue, value }: V2MetricValueStatus): string | null {
  return averageUtilization !== undefined ? `${averageUtilization} %` : (averageValue ?? value ?? null);
}

/** Null where the two are not of one kind, or either is no quantity. */
function share(current: V2MetricValueStatus | undefined, target: V2MetricTarget | undefined): number | null {
  if (!current || !target) return null;
  if (target.averageUtilization !== undefined) return ratio(current.averageUtilization, target.averageUtilization);
  const [now, wanted] = target.averageValue === undefined ? [current.value, target.value] : [current.averageValue, target.averageValue];
  return now === undefined || wanted === undefined ? null : ratio(quantity(now), quantity(wanted));
}

function quantity(text: string): number | undefined {
  try {
    return thousandths(text);
  } catch {
    return undefined;
  }
}

function ratio(current: number | undefined, target: number | undefined): number | null {
  return current === undefined || !target ? null : current / target;
}

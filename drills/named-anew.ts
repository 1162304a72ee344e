import type { Check, Drill, Step } from './schema.ts';

/** The last ones: an id of Temporal begins with the time. */
const ID_CHARACTERS = 5;
/** What alerts name, and what guards keep a record of. */
const RENAMED = ['Deployment', 'StatefulSet', 'Job', 'CronJob'];

interface At {
  readonly kind: string;
  readonly name: string;
}

/**
 * The drill with names for its workloads that no other run has. What an earlier run did to a workload would count against the next one
 * otherwise: a release may be taken back only so often.
 */
export function namedAnew(drill: Drill, id: string): Drill {
  const made = new Map<string, Set<string>>();
  for (const { create } of [...drill.setup, ...drill.fault])
    if (create && RENAMED.includes(create.kind))
      made.set(create.kind, new Set([...(made.get(create.kind) ?? []), create.metadata.name ?? '']));
  const names = new Set([...made.values()].flatMap((some) => [...some]));
  const anew = (name: string) => `${name}-${id.slice(-ID_CHARACTERS)}`;
  const at = <T extends At>(one: T): T => (made.get(one.kind)?.has(one.name) ? { ...one, name: anew(one.name) } : one);

  function stepAnew(step: Step): Step {
    const { create, patch, delete: removed, until } = step;
    if (create) return { create: createdAnew(create) };
    if (patch) return { patch: at(patch) };
    if (removed) return { delete: at(removed) };
    return until ? { until: checkAnew(until) } : step;
  }

  function createdAnew(create: NonNullable<Step['create']>): NonNullable<Step['create']> {
    const { kind, metadata } = create;
    const { spec } = create as { readonly spec?: { readonly scaleTargetRef?: At } };
    const scaled = spec?.scaleTargetRef ? { spec: { ...spec, scaleTargetRef: at(spec.scaleTargetRef) } } : {};
    return { ...create, ...scaled, metadata: { ...metadata, name: at({ kind, name: metadata.name ?? '' }).name } };
  }

  /** A pod is called by its workload's name, and more. */
  function labelAnew(value: string): string {
    if (names.has(value)) return anew(value);
    const ofPod = [...names].find((name) => value.startsWith(`${name}-`));
    return ofPod === undefined ? value : `${anew(ofPod)}${value.slice(ofPod.length)}`;
  }

  function checkAnew(check: Check): Check {
    return Object.fromEntries(Object.entries(check).map(([kind, one]) => [kind, at(one as At)])) as Check;
  }

  const { alert, mayChange } = drill;
  return {
    ...drill,
    setup: drill.setup.map(stepAnew),
    fault: drill.fault.map(stepAnew),
    alert: alert && {
      ...alert,
      labels: Object.fromEntries(Object.entries(alert.labels).map(([label, value]) => [label, labelAnew(value)])),
    },
    target: at(drill.target),
    check: drill.check.map(checkAnew),
    ...(mayChange ? { mayChange: mayChange.map(at) } : {}),
  };
}

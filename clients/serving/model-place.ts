import type { V1Container, V1PodTemplateSpec } from '@kubernetes/client-node';
import { redact } from '../../incident/redact.ts';
import type { PatchOperation } from '../kubernetes/guarded-patch.ts';

/** Annotation that says where in its pod template a workload names its model's version; it is set by whoever deploys it. */
export const MODEL_AT = 'paramedic.dev/model-at';
const FORMS =
  'env/CONTAINER/VARIABLE, annotation/NAME, image/CONTAINER or argument/CONTAINER/OPTION, such as env/server/MODEL_URI or argument/server/--model';

/** Where in a pod template the version of a model is named. */
export type ModelPlace =
  | { readonly kind: 'env'; readonly container: string; readonly name: string }
  | { readonly kind: 'annotation'; readonly name: string }
  | { readonly kind: 'image'; readonly container: string }
  | { readonly kind: 'argument'; readonly container: string; readonly option: string };

/** A version's address in a pod template, or why there is none, as the end of a sentence about the template. */
export type FoundAddress =
  /** @property pointer JSON Pointer below the template; written: what stands there for an address */
  | { readonly kind: 'found'; readonly address: string; readonly pointer: string; readonly written: (address: string) => string }
  | { readonly kind: 'none'; readonly why: string };

/** @returns why the annotation's value is no place, as a sentence; `server` begins it, such as `Deployment ml/churn` */
export function placeOf(value: string, server: string): ModelPlace | string {
  const [kind, first, ...rest] = value.split('/');
  const last = rest.join('/');
  if (kind === 'env' && first && /^[^/=]+$/.test(last)) return { kind, container: first, name: last };
  if (kind === 'annotation' && first) return { kind, name: [first, ...rest].join('/') };
  if (kind === 'image' && first && rest.length === 0) return { kind, container: first };
  if (kind === 'argument' && first && /^-[^=\s]+$/.test(last)) return { kind, container: first, option: last };
  return `The ${server} has annotation ${MODEL_AT} "${value}", which is no place in a pod template; right would be ${FORMS}.`;
}

/** Looks up a version in a pod template, or in a pod, which has the same form. */
export function addressIn(place: ModelPlace, template: Pick<V1PodTemplateSpec, 'metadata' | 'spec'> | undefined): FoundAddress {
  const found = lookUp(place, template);
  // It is written into histories, where no credential may stand.
  if (found.kind === 'found' && redact(found.address, found.address.length) !== found.address.trim())
    return { kind: 'none', why: `holds at ${placeText(place)} what looks like a credential, which is not touched` };
  return found;
}

/** The operations that write another version into the template of an object. @param root JSON Pointer of the template */
export function addressOperations(found: Extract<FoundAddress, { kind: 'found' }>, to: string, root: string): readonly PatchOperation[] {
  const path = `${root}${found.pointer}`;
  return [
    { op: 'test', path, value: found.written(found.address) },
    { op: 'replace', path, value: found.written(to) },
  ];
}

function lookUp(place: ModelPlace, template: Pick<V1PodTemplateSpec, 'metadata' | 'spec'> | undefined): FoundAddress {
  if (place.kind === 'annotation') {
    const address = template?.metadata?.annotations?.[place.name];
    if (address === undefined) return { kind: 'none', why: `has no annotation ${place.name}` };
    return found(address, `/metadata/annotations/${place.name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  }
  const list = (['containers', 'initContainers'] as const).find((one) => template?.spec?.[one]?.some(isNamed(place.container)));
  if (list === undefined) return { kind: 'none', why: `has no container ${place.container}` };
  const index = template?.spec?.[list]?.findIndex(isNamed(place.container)) ?? -1;
  const container = template!.spec![list]![index]!;
  const base = `/spec/${list}/${index}`;
  switch (place.kind) {
    case 'image':
      return container.image ? found(container.image, `${base}/image`) : { kind: 'none', why: `names no image of ${place.container}` };
    case 'env':
      return inEnvironment(container, place.name, base);
    case 'argument':
      return inArguments(container, place.option, base);
    default:
      return place satisfies never;
  }
}

function isNamed(container: string): (one: V1Container) => boolean {
  return ({ name }) => name === container;
}

/** Of a variable that is given twice, the last one counts. */
function inEnvironment({ name: container, env = [] }: V1Container, variable: string, base: string): FoundAddress {
  const index = env.findLastIndex(({ name }) => name === variable);
  if (index < 0) return { kind: 'none', why: `gives container ${container} no variable ${variable}` };
  const { value } = env[index]!;
  if (!value) return { kind: 'none', why: `gives container ${container} no value of its own for ${variable}, only one from elsewhere` };
  return found(value, `${base}/env/${index}/value`);
}

/** As `--model=x` or as `--model` and `x`, among the arguments or else in the command; the last one counts. */
function inArguments(container: V1Container, option: string, base: string): FoundAddress {
  for (const field of ['args', 'command'] as const) {
    const words = container[field] ?? [];
    const index = words.findLastIndex((word) => word === option || word.startsWith(`${option}=`));
    if (index < 0) continue;
    const joined = words[index] !== option;
    const value = joined ? words[index]!.slice(option.length + 1) : words[index + 1];
    if (!value) return { kind: 'none', why: `gives container ${container.name} the option ${option} without a value` };
    return joined
      ? { kind: 'found', address: value, pointer: `${base}/${field}/${index}`, written: (address) => `${option}=${address}` }
      : found(value, `${base}/${field}/${index + 1}`);
  }
  return { kind: 'none', why: `gives container ${container.name} no option ${option}` };
}

function found(address: string, pointer: string): FoundAddress {
  return { kind: 'found', address, pointer, written: (one) => one };
}

function placeText(place: ModelPlace): string {
  switch (place.kind) {
    case 'annotation':
      return `annotation ${place.name}`;
    case 'image':
      return `the image of ${place.container}`;
    case 'env':
      return `variable ${place.name} of ${place.container}`;
    case 'argument':
      return `option ${place.option} of ${place.container}`;
    default:
      return place satisfies never;
  }
}

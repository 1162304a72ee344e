import type { Addressing } from '../../incident/model.ts';
import type { Server } from './served-model.ts';

/** Annotation that says how a server writes the address of a version; it is set by whoever deploys it. */
const MODEL_ADDRESS = 'paramedic.dev/model-address';
const AS_REGISTERED: Addressing = '{uri}';

/** How a server writes addresses, and why that cannot be told, as a sentence; null where it can. */
export function addressingOf({ text, annotations }: Pick<Server, 'text' | 'annotations'>): {
  readonly addressing: Addressing;
  readonly fault: string | null;
} {
  const written = annotations[MODEL_ADDRESS];
  if (written === undefined) return { addressing: AS_REGISTERED, fault: null };
  if (/\{(uri|version)\}/.test(written)) return { addressing: written, fault: null };
  const fault = `The ${text} has annotation ${MODEL_ADDRESS} "${written}", which tells no version from another; right would be an address with {version} or {uri} in it, such as models:/churn/{version}.`;
  return { addressing: AS_REGISTERED, fault };
}

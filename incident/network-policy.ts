import { type LabelSelector, type Labels, selects } from './label-selector.ts';

/** What a NetworkPolicy says, as the API server keeps it. */
export interface PolicySpec {
  readonly podSelector: LabelSelector;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly { readonly from?: readonly PolicyPeer[]; readonly ports?: readonly PolicyPort[] }[];
  readonly egress?: readonly { readonly to?: readonly PolicyPeer[]; readonly ports?: readonly PolicyPort[] }[];
}

interface PolicyPeer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: unknown;
}

interface PolicyPort {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}

/** All of a NetworkPolicy that is needed to make it again, and which very one it was. */
export interface SavedPolicy {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly spec: PolicySpec;
}

/** A NetworkPolicy of the target's namespace that selects its pods. */
export interface PolicySeen {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly createdMs: number;
  /** Epoch milliseconds, when its text was last written. */
  readonly changedMs: number;
  /** The field manager that wrote it last, such as `kubectl-client-side-apply`; null where none is told. */
  readonly manager: string | null;
  /** What keeps it as it is, such as `Argo CD, as ml has it`; null where nothing does. */
  readonly keptBy: string | null;
  /** What its opt-out annotation says; null where it has none. */
  readonly optOut: string | null;
  readonly whole: SavedPolicy;
}

/** A port of a pod, as policies mean it: by its number and its name, each null where it is not known. */
export interface PodPort {
  readonly number: number | null;
  readonly name: string | null;
  readonly protocol: string;
}

/** What stands at the far end of a path outwards. */
export interface FarEnd {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  /** Null where they are not known. */
  readonly podLabels: Labels | null;
  readonly port: PodPort;
}

type Whole = Pick<PolicySeen, 'whole'>;

/** Whether anybody at all may reach this port of pods with these labels. Who exactly is not known, so that a part of all is enough. */
export function letsIn(policies: readonly Whole[], labels: Labels, port: PodPort): boolean {
  const about = policies.filter(({ whole: { spec } }) => selects(spec.podSelector, labels) && isAbout(spec, 'Ingress'));
  return about.length === 0 || about.some(({ whole: { spec } }) => (spec.ingress ?? []).some(({ ports }) => includesPort(ports, port)));
}

/** Whether pods with these labels may reach the far end. A range of addresses is taken to hold it: what is not known cuts nothing. */
export function letsOut(policies: readonly Whole[], namespace: string, labels: Labels, far: FarEnd): boolean {
  const about = policies.filter(({ whole: { spec } }) => selects(spec.podSelector, labels) && isAbout(spec, 'Egress'));
  const allowed = (spec: PolicySpec) =>
    (spec.egress ?? []).some(({ ports, to }) => includesPort(ports, far.port) && includesPeer(to, namespace, far));
  return about.length === 0 || about.some(({ whole: { spec } }) => allowed(spec));
}

function isAbout({ policyTypes, egress }: PolicySpec, direction: 'Ingress' | 'Egress'): boolean {
  return policyTypes?.includes(direction) ?? (direction === 'Ingress' || egress !== undefined);
}

function includesPort(ports: readonly PolicyPort[] | undefined, port: PodPort): boolean {
  if (ports === undefined || ports.length === 0) return true;
  return ports.some(({ protocol = 'TCP', port: given, endPort }) => {
    if (protocol !== port.protocol) return false;
    if (given === undefined) return true;
    if (typeof given === 'string') return port.name === null || given === port.name;
    return port.number === null || (port.number >= given && port.number <= (endPort ?? given));
  });
}

function includesPeer(peers: readonly PolicyPeer[] | undefined, own: string, far: FarEnd): boolean {
  if (peers === undefined || peers.length === 0) return true;
  return peers.some(({ podSelector, namespaceSelector, ipBlock }) => {
    if (ipBlock !== undefined) return true;
    const inNamespace = namespaceSelector === undefined ? far.namespace === own : selects(namespaceSelector, far.namespaceLabels);
    return inNamespace && (podSelector === undefined || far.podLabels === null || selects(podSelector, far.podLabels));
  });
}

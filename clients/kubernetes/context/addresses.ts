import type { V1Container, V1PodTemplateSpec } from '@kubernetes/client-node';

/** Something in a pod template that looks like a Service of the cluster. Of the value it stands in nothing else is kept. */
export interface NamedAddress {
  readonly service: string;
  /** Null where it is the pods' own. */
  readonly namespace: string | null;
  readonly port: number | null;
}

const LABEL = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
/** A host after a scheme, user, delimiter or at the beginning, with its port where it has one. Values are long at times, names are not. */
const HOST = new RegExp(
  `(?<before>^|[a-z][a-z0-9+.-]*://|[@\\s,;="'(\\[])(?<host>${LABEL}(?:\\.${LABEL})*)\\.?(?::(?<port>\\d{1,5}))?(?=$|[\\s,;/?"')\\]])`,
  'gi',
);
/** Names of variables whose whole value is a host. */
const NAMES_A_HOST = /(HOST|HOSTNAME|ADDR|ADDRESS|URL|URI|ENDPOINT|SERVER|SERVICE|BROKERS?)$/i;
const SCHEME_PORTS: Readonly<Record<string, number>> = { 'http://': 80, 'https://': 443 };
const VALUE_CHARACTERS_MAX = 4_096;
const ADDRESSES_MAX = 20;

/** What the containers' arguments and plain variables name as an address, each once. Values that stand in Secrets or ConfigMaps are not seen. */
export function addressesIn({ spec }: V1PodTemplateSpec): readonly NamedAddress[] {
  const all = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].flatMap(ofContainer);
  const unique = new Map(all.map((one) => [`${one.service}.${one.namespace}:${one.port}`, one]));
  return [...unique.values()].slice(0, ADDRESSES_MAX);
}

function ofContainer({ env = [], args = [], command = [] }: V1Container): NamedAddress[] {
  return [
    ...env.flatMap(({ name, value }) => (value === undefined ? [] : ofText(value, NAMES_A_HOST.test(name)))),
    ...[...command, ...args].flatMap((text) => ofText(text, false)),
  ];
}

/** @param isHost the whole text may be a host, without anything that shows it to be one */
function ofText(text: string, isHost: boolean): NamedAddress[] {
  return [...text.slice(0, VALUE_CHARACTERS_MAX).matchAll(HOST)].flatMap((match) => {
    const { before = '', host = '', port } = match.groups ?? {};
    const isAddress =
      before.endsWith('://') || before === '@' || port !== undefined || host.includes('.svc') || (isHost && match[0] === text);
    const [service = '', namespace = null, svc] = host.toLowerCase().split('.');
    const isOfCluster = svc === undefined || svc === 'svc';
    if (!isAddress || !isOfCluster || /^\d+$/.test(service)) return [];
    return [{ service, namespace, port: port === undefined ? (SCHEME_PORTS[before.toLowerCase()] ?? null) : Number(port) }];
  });
}

/** Memory of one container as its template asks for it, as Kubernetes quantities; null where nothing is asked for. */
export interface ContainerMemory {
  readonly limit: string | null;
  readonly request: string | null;
}

const MEBIBYTES_PER: Readonly<Record<string, number>> = {
  '': 1 / 2 ** 20,
  k: 1000 / 2 ** 20,
  Ki: 1 / 1024,
  M: 1e6 / 2 ** 20,
  Mi: 1,
  G: 1e9 / 2 ** 20,
  Gi: 1024,
  T: 1e12 / 2 ** 20,
  Ti: 1024 ** 2,
};

/** A Kubernetes memory quantity in mebibytes, or null when it is absent or not one. */
export function memoryMi(quantity: string | null | undefined): number | null {
  const match = /^(\d+(?:\.\d+)?)([kKMGT]i?)?$/.exec(quantity ?? '');
  const factor = MEBIBYTES_PER[match?.[2] ?? ''];
  return match?.[1] === undefined || factor === undefined ? null : Number(match[1]) * factor;
}

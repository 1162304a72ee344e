const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * A Kubernetes quantity in thousandths, as whole numbers so that sums of them are exact.
 * @throws when it is not a quantity.
 */
export function thousandths(quantity: string): number {
  const [, number, exponent, suffix = ''] = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([A-Za-z]*))$/.exec(quantity) ?? [];
  const factor = exponent === undefined ? FACTORS[suffix] : Number(`1${exponent}`);
  if (number === undefined || factor === undefined) throw new Error(`Cannot tell how much "${quantity}" is: it is no Kubernetes quantity.`);
  return Math.round(Number(number) * factor * 1000);
}

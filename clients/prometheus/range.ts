import { z } from 'zod';

/** One value of a series. */
export interface Point {
  /** Epoch seconds. */
  readonly atSeconds: number;
  readonly value: number;
}

/** So far back, and so far apart. */
export interface Range {
  readonly backSeconds: number;
  readonly stepSeconds: number;
}

/** More points than that are never asked for. */
const POINTS_MAX = 500;

const Answer = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ values: z.array(z.tuple([z.number(), z.string()])).max(POINTS_MAX + 1) })),
  }),
});

/** Where a query over a time that ends now is asked. */
export function rangeAddress(base: string, query: string, { backSeconds, stepSeconds }: Range, nowSeconds: number): URL {
  const step = Math.max(stepSeconds, Math.ceil(backSeconds / POINTS_MAX));
  const address = new URL(`${base}/api/v1/query_range`);
  const end = Math.floor(nowSeconds);
  for (const [name, value] of Object.entries({ query, start: end - backSeconds, end, step })) address.searchParams.set(name, String(value));
  return address;
}

/** The points of the one series that a query gives, oldest first; none where it gives none. Null where it is no such answer. */
export function pointsIn(answer: unknown): readonly Point[] | null {
  const parsed = Answer.safeParse(answer);
  if (!parsed.success) return null;
  const values = parsed.data.data.result[0]?.values ?? [];
  return values.map(([atSeconds, value]) => ({ atSeconds, value: Number(value) })).filter(({ value }) => Number.isFinite(value));
}

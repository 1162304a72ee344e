import { z } from 'zod';
import { type Point, pointsIn, type Range, rangeAddress } from './range.ts';

/** What Paramedic needs of a server of metrics. */
export interface Metrics {
  /**
   * Lets it answer a query that needs no series.
   * @throws a sentence that says what is wrong when it does not
   */
  check(signal: AbortSignal): Promise<void>;
  /**
   * The sample of each series that a query gives now, in no order.
   * @throws a sentence that says what is wrong when it does not answer
   */
  vector(query: string, signal: AbortSignal): Promise<readonly Sample[]>;
  /**
   * The number that a query for one series gives; null where no series answers it, or what it gives is no number.
   * @throws a sentence that says what is wrong when it does not answer
   */
  value(query: string, signal: AbortSignal): Promise<number | null>;
  /**
   * The points of the one series that a query gives, over a time that ends now, oldest first; none where there is no such series.
   * @throws a sentence that says what is wrong when it does not answer
   */
  range(query: string, range: Range, signal: AbortSignal): Promise<readonly Point[]>;
}

/** What one series says. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  /** Epoch seconds, of the server's clock. */
  readonly atSeconds: number;
  readonly value: number;
}

const Answer = z.object({ status: z.literal('success'), data: z.object({ result: z.array(z.unknown()).min(1) }) });

const Vector = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});

/** Prometheus, or what speaks its HTTP API. */
export function prometheusMetrics(url: string): Metrics {
  const base = url.replace(/\/+$/, '');
  const { origin } = new URL(base);

  async function ask(address: URL, signal: AbortSignal): Promise<unknown> {
    const answer = await fetch(address, { redirect: 'error', signal }).catch((error: Error) => {
      const why = (error.cause as Error | undefined)?.message ?? error.message;
      throw new Error(`Cannot reach Prometheus at ${origin}: ${why}`, { cause: error });
    });
    if (!answer.ok) throw new Error(`Prometheus at ${origin} answers ${answer.status} to a query.`);
    return answer.json().catch(() => null);
  }

  async function vector(query: string, signal: AbortSignal): Promise<readonly Sample[]> {
    const address = new URL(`${base}/api/v1/query`);
    address.searchParams.set('query', query);
    const parsed = Vector.safeParse(await ask(address, signal));
    if (!parsed.success) throw notPrometheus();
    return parsed.data.data.result.map(({ metric, value: [atSeconds, text] }) => ({ labels: metric, atSeconds, value: Number(text) }));
  }

  const notPrometheus = () => new Error(`What answers at ${origin} is not Prometheus: check PARAMEDIC_PROMETHEUS_URL.`);

  return {
    async check(signal) {
      const answer = await ask(new URL(`${base}/api/v1/query?query=vector(1)`), signal);
      if (!Answer.safeParse(answer).success) throw notPrometheus();
    },

    vector,

    async value(query, signal) {
      const [sample] = await vector(query, signal);
      return sample && Number.isFinite(sample.value) ? sample.value : null;
    },

    async range(query, range, signal) {
      const points = pointsIn(await ask(rangeAddress(base, query, range, Date.now() / 1000), signal));
      if (points === null) throw notPrometheus();
      return points;
    },
  };
}

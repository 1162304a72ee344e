import { z } from 'zod';

/** What Paramedic needs of a server of metrics. */
export interface Metrics {
  /**
   * Lets it answer a query that needs no series.
   * @throws a sentence that says what is wrong when it does not
   */
  check(signal: AbortSignal): Promise<void>;
  /**
   * The number that a query for a single series gives; null where no series answers it, or what it gives is no number.
   * @throws a sentence that says what is wrong where it cannot be asked
   */
  value(query: string, signal: AbortSignal): Promise<number | null>;
}

const Answer = z.object({ status: z.literal('success'), data: z.object({ result: z.array(z.unknown()).min(1) }) });

const Vector = z.object({
  status: z.literal('success'),
  data: z.object({ resultType: z.literal('vector'), result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});

/** Prometheus, or what speaks its HTTP API. */
export function prometheusMetrics(url: string): Metrics {
  const base = url.replace(/\/+$/, '');
  const { origin } = new URL(base);
  const notIt = `What answers at ${origin} is not Prometheus: check PARAMEDIC_PROMETHEUS_URL.`;

  async function ask(query: string, signal: AbortSignal): Promise<unknown> {
    const answer = await fetch(`${base}/api/v1/query?query=${query}`, { redirect: 'error', signal }).catch((error: Error) => {
      const why = (error.cause as Error | undefined)?.message ?? error.message;
      throw new Error(`Cannot reach Prometheus at ${origin}: ${why}`, { cause: error });
    });
    if (!answer.ok) throw new Error(`Prometheus at ${origin} answers ${answer.status} to a query.`);
    return answer.json().catch(() => null);
  }

  return {
    async check(signal) {
      if (!Answer.safeParse(await ask('vector(1)', signal)).success) throw new Error(notIt);
    },

    async value(query, signal) {
      const parsed = Vector.safeParse(await ask(encodeURIComponent(query), signal));
      if (!parsed.success) throw new Error(notIt);
      const number = Number(parsed.data.data.result[0]?.value[1]);
      return Number.isFinite(number) ? number : null;
    },
  };
}

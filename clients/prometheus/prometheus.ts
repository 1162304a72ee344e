import { z } from 'zod';

/** What Paramedic needs of a server of metrics. */
export interface Metrics {
  /**
   * Lets it answer a query that needs no series.
   * @throws a sentence that says what is wrong when it does not
   */
  check(signal: AbortSignal): Promise<void>;
}

const Answer = z.object({ status: z.literal('success'), data: z.object({ result: z.array(z.unknown()).min(1) }) });

/** Prometheus, or what speaks its HTTP API. */
export function prometheusMetrics(url: string): Metrics {
  const address = new URL(`${url.replace(/\/+$/, '')}/api/v1/query?query=vector(1)`);
  return {
    async check(signal) {
      const answer = await fetch(address, { redirect: 'error', signal }).catch((error: Error) => {
        const why = (error.cause as Error | undefined)?.message ?? error.message;
        throw new Error(`Cannot reach Prometheus at ${address.origin}: ${why}`, { cause: error });
      });
      if (!answer.ok) throw new Error(`Prometheus at ${address.origin} answers ${answer.status} to a query.`);
      const parsed = Answer.safeParse(await answer.json().catch(() => null));
      if (!parsed.success) throw new Error(`What answers at ${address.origin} is not Prometheus: check PARAMEDIC_PROMETHEUS_URL.`);
    },
  };
}

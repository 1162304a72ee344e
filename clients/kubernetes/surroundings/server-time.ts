import { ApiException, type ConfigurationOptions, type VersionApi } from '@kubernetes/client-node';

/**
 * Epoch milliseconds by the API server's clock, from the `Date` of an answer, which is in whole seconds. A refusal has one, too.
 * @throws when it does not answer, or its answer has no date.
 */
export async function serverTime(version: VersionApi, options: ConfigurationOptions): Promise<number> {
  const headers = await version.getCodeWithHttpInfo({}, options).then(
    (answer) => answer.headers,
    (error: unknown) => {
      if (error instanceof ApiException) return error.headers as Readonly<Record<string, string>>;
      throw error;
    },
  );
  const time = Date.parse(headers.date ?? '');
  if (Number.isNaN(time)) throw new Error('its answer has no date.');
  return time;
}

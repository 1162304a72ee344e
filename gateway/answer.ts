import type { RequestResult } from './metrics.ts';

/** What a request is answered with; an object goes out as JSON. */
export interface Answer {
  readonly code: number;
  readonly result: RequestResult;
  readonly body: object | string;
}

export function refusal(code: number, result: RequestResult, error: string): Answer {
  return { code, result, body: { error } };
}

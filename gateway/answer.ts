import type { RequestResult } from './metrics.ts';

/** What a request is answered with; an object goes out as JSON, and text as plain text unless its headers say otherwise. */
export interface Answer {
  readonly code: number;
  readonly result: RequestResult;
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function refusal(code: number, result: RequestResult, error: string): Answer {
  return { code, result, body: { error } };
}

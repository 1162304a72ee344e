import { readFileSync } from 'node:fs';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

const ANSWER_MS_MAX = 2_000;

interface Question {
  readonly headers?: Readonly<Record<string, string>>;
  /** The authority to trust, for https. */
  readonly authorityFile?: string;
}

/** Whether an address answers with a status below 400. */
export function answers(url: string, { headers = {}, authorityFile }: Question = {}): Promise<boolean> {
  const trust = authorityFile ? { ca: readFileSync(authorityFile) } : {};
  const request = url.startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const question = request(url, { headers, agent: false, signal: AbortSignal.timeout(ANSWER_MS_MAX), ...trust }, (answer) => {
      answer.resume();
      resolve(answer.statusCode !== undefined && answer.statusCode < 400);
    });
    question.on('error', () => resolve(false)).end();
  });
}

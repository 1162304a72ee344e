import { expect, it } from '@jest/globals';
import { Refused, TryLater } from '../../clients/failures.ts';
import type { Recorded, Recorder, Trouble } from './recorder.ts';

/** A client whose server is in trouble, and what it must say then. */
export interface Troubled {
  readonly server: () => Recorder;
  /** Asks for something by a client that waits so long for an answer, and holds `secret`. */
  readonly ask: (answerMsMax: number) => Promise<unknown>;
  /** As people call the system. */
  readonly system: string;
  /** The setting that says who we are. */
  readonly credentials: string;
  /** The permission that what is asked takes. */
  readonly needs: string;
  readonly secret: string;
  /** Which requests are in trouble; all by default. */
  readonly isHit?: (request: Recorded) => boolean;
  /** Once it is not known, it asks again as somebody anew. */
  readonly asksAnew?: boolean;
  /** The body of a failure with this message, in the system's own format. */
  readonly failure: (message: string) => unknown;
}

const SLOW_MS = 200;
/** Nothing is to time out on a busy machine but what is told to. */
const AMPLE_MS = 30_000;

type Told = readonly [what: string, trouble: Trouble, is: 'refused' | 'try later' | 'may pass', sentence: RegExp];

const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Tests of one system: each trouble has its sentence, which holds no secret, and a client does not ask again by itself. */
export function tellsTroubles(troubled: Troubled): void {
  const { server, ask, system, credentials, needs, secret, failure, isHit = () => true, asksAnew = false } = troubled;
  const failing = (status: number, message: string, headers = {}): Trouble => ({
    kind: 'failing',
    status,
    body: failure(message),
    headers,
  });
  const name = literally(system);
  it.each<Told>([
    ['is down', { kind: 'down' }, 'may pass', new RegExp(`^Cannot reach ${name} at http://127\\.0\\.0\\.1:\\d+: `)],
    ['is slow', { kind: 'slow' }, 'may pass', new RegExp(`^${name} at http://127\\.0\\.0\\.1:\\d+ did not answer within 0\\.2 s\\.$`)],
    ['answers with a page', { kind: 'malformed' }, 'may pass', new RegExp(`^${name} answers to .* with what is no JSON`)],
    ['fails itself', failing(500, 'out of luck'), 'may pass', new RegExp(`^${name} answers 500.* to .*: out of luck$`)],
    [
      'asks to wait',
      failing(429, 'slow down', { 'retry-after': '7' }),
      'try later',
      new RegExp(`^${name} answers 429.* to .*: slow down$`),
    ],
    [
      'does not know us',
      failing(401, `who is ${secret}`),
      'refused',
      new RegExp(`^${name} does not know us: check ${literally(credentials)}\\. `),
    ],
    ['does not allow it', failing(403, 'not you'), 'refused', new RegExp(`^${name} does not allow it: ${literally(needs)} is missing\\. `)],
  ])('says so when it %s', async (_what, trouble, is, sentence) => {
    server().begin();
    server().suffer(trouble, isHit);
    const error = await ask(trouble.kind === 'slow' ? SLOW_MS : AMPLE_MS).then(
      () => new Error('nothing failed'),
      (failed: Error) => failed,
    );
    expect(error.message).toMatch(sentence);
    expect(error instanceof Refused ? 'refused' : error instanceof TryLater ? 'try later' : 'may pass').toBe(is);
    expect(error instanceof TryLater ? error.afterMs : 7000).toBe(7000);
    const unknown = trouble.kind === 'failing' && trouble.status === 401;
    expect([...server().steps.values()].flat().filter(isHit)).toHaveLength(unknown && asksAnew ? 2 : 1);
  });

  it('never tells the credentials that it repeats', async () => {
    server().suffer(failing(500, `no luck with ${secret}`));
    await expect(ask(AMPLE_MS)).rejects.not.toThrow(secret);
  });
}

import { setTimeout as pause } from 'node:timers/promises';
import { type Logger, SocketModeReceiver } from '@slack/bolt';
import { redact } from '../../incident/redact.ts';
import type { SlackAccess } from './access.ts';

const AGAIN_FIRST_MS = 1_000;
const AGAIN_MAX_MS = 60_000;
const WORDS_MAX = 300;
/** Slack is waited for no longer to say goodbye. */
const GONE_WITHIN_MS = 2_000;

/** A connection to Slack that the gateway opens, and opens again whenever it is lost. */
export interface SocketMode {
  readonly receiver: SocketModeReceiver;
  /** Begins to connect, and does not wait for it: Slack may be away. */
  start(): void;
  stop(): Promise<void>;
}

/** @param lost called with a sentence each time when there is no connection */
export function openSocketMode(
  { appToken, url }: { readonly appToken: string } & Pick<SlackAccess, 'url'>,
  logger: Logger,
  lost: (why: string) => void,
): SocketMode {
  const receiver = new SocketModeReceiver({
    appToken,
    logger,
    // Its own way to connect again ends the process where Slack refuses the token meanwhile.
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: { slackApiUrl: url, retryConfig: { retries: 0 } } },
  });
  const ending = new AbortController();
  let running: Promise<void> = Promise.resolve();

  async function keepConnected(): Promise<void> {
    for (let againMs = AGAIN_FIRST_MS; !ending.signal.aborted; againMs = Math.min(2 * againMs, AGAIN_MAX_MS)) {
      try {
        await receiver.start();
        againMs = AGAIN_FIRST_MS;
        await new Promise((resolve) => {
          receiver.client.once('disconnected', resolve);
          ending.signal.addEventListener('abort', resolve, { once: true });
        });
        if (!ending.signal.aborted) lost('The connection to Slack was lost; it is opened again.');
      } catch (error) {
        lost(`Slack cannot be connected to by Socket Mode, and it is tried again: ${redact(String(error), WORDS_MAX)}`);
      }
      await pause(againMs, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  }

  return {
    receiver,
    start() {
      running = keepConnected();
    },
    async stop() {
      ending.abort();
      const gone = new Promise((resolve) => receiver.client.once('disconnected', resolve));
      await Promise.all([running, receiver.stop()]);
      await Promise.race([gone, pause(GONE_WITHIN_MS, undefined, { ref: false })]);
    },
  };
}

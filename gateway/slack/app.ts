import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import { App, HTTPReceiver, type LogLevel, type Receiver } from '@slack/bolt';
import { slackPeople } from '../../clients/slack/people.ts';
import { redact } from '../../incident/redact.ts';
import type { Answer } from '../answer.ts';
import { openRefusalNotes } from '../note-refusals.ts';
import { openSingleUse } from '../single-use.ts';
import type { SlackAccess } from './access.ts';
import { checkRequest } from './check-request.ts';
import { takeClicks } from './clicks.ts';
import { takeCommands } from './commands.ts';
import type { SlackDesks, SlackLog } from './desks.ts';
import { openSocketMode } from './socket-mode.ts';

const ENDPOINTS = ['/slack/events', '/slack/commands'];
const LOG_CHARACTERS_MAX = 500;

/** The way in for Slack, over HTTP, by Socket Mode, or both. */
export interface SlackDoor {
  /** Takes a request of Slack's. @returns the answer where it is refused; null where it was answered */
  take(request: IncomingMessage, response: ServerResponse): Promise<Answer | null>;
  /** Whether requests over HTTP are taken there. */
  isAt(route: string): boolean;
  /** Begins to connect by Socket Mode, where it is set up. */
  start(): void;
  stop(): Promise<void>;
}

/** @throws when the settings make no way in */
export function openSlack(access: SlackAccess, desks: SlackDesks, log: SlackLog): SlackDoor {
  const logger = quietLogger(log);
  const http =
    access.signingSecret === null ? null : new HTTPReceiver({ signingSecret: access.signingSecret, endpoints: ENDPOINTS, logger });
  const socket =
    access.appToken === null ? null : openSocketMode({ appToken: access.appToken, url: access.url }, logger, (why) => log.warn({}, why));
  for (const receiver of [http, socket?.receiver]) if (receiver) listen(receiver);
  const singleUse = openSingleUse();
  const note = openRefusalNotes(desks.decisions);

  function listen(receiver: Receiver): void {
    const app = new App({
      receiver,
      logger,
      clientOptions: { slackApiUrl: access.url, retryConfig: { retries: 0 } },
      // Whom a request comes from is checked before, and our token is the only one.
      authorize: async () => (access.botToken === null ? {} : { botToken: access.botToken }),
    });
    app.error(async (error) =>
      log.warn({ error: redact(String(error), LOG_CHARACTERS_MAX) }, 'What came from Slack could not be handled.'),
    );
    takeCommands(app, access, desks, log);
    if (access.botToken !== null) {
      const people = slackPeople({ url: access.url, botToken: access.botToken }, access.team, access.groups);
      takeClicks(app, access, people, desks, log);
    }
  }

  return {
    isAt: (route) => http !== null && ENDPOINTS.some((endpoint) => route === `POST ${endpoint}`),

    async take(request, response) {
      const { signingSecret, team } = access;
      if (http === null || signingSecret === null) throw new Error('No signing secret is set.');
      const checked = await checkRequest(request, { signingSecret, team }, singleUse);
      if (checked.kind === 'refused') {
        log.warn({ from: request.socket.remoteAddress, why: checked.why }, 'A request to the Slack endpoint was refused.');
        const { sent, why, answer } = checked;
        if (sent) await note(sent.incident ?? 'unknown', { id: sent.user, name: sent.user, way: 'slack', groups: [] }, why);
        return answer;
      }
      // Bolt reads what it finds there in place of the body, which has been read.
      http.requestListener(Object.assign(request, { rawBody: checked.body }), response);
      await finished(response);
      return null;
    },

    start() {
      socket?.start();
    },
    async stop() {
      await socket?.stop();
    },
  };
}

/** Bolt's words go to our log, without what they might quote of a request. */
function quietLogger(log: SlackLog) {
  const say =
    (level: 'debug' | 'warn') =>
    (...words: readonly unknown[]) =>
      log[level]({}, `Slack: ${redact(words.map(String).join(' '), LOG_CHARACTERS_MAX)}`);
  return {
    ...{ debug: () => undefined, info: say('debug'), warn: say('warn'), error: say('warn') },
    ...{ setLevel: () => undefined, getLevel: () => 'info' as LogLevel, setName: () => undefined },
  };
}

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { headline, type Notice, noticeLines } from '../../incident/notice.ts';
import { cut, plainText } from '../../incident/plain-text.ts';
import type { Severity } from '../../incident/severity.ts';
import { type Explained, type SystemCall, systemCall } from '../http/system-call.ts';
import type { Channel } from './channel.ts';

const MESSAGE_CHARACTERS_MAX = 130;
const DESCRIPTION_CHARACTERS_MAX = 15_000;
const ENTITY_CHARACTERS_MAX = 512;

const PRIORITIES: Readonly<Record<Severity, string>> = { critical: 'P1', error: 'P2', warning: 'P3', info: 'P5' };
const SOURCE = 'Paramedic';

const Words = z.object({ message: z.string() });

/** Whom Opsgenie is to tell. */
type Responder =
  | { readonly type: 'team' | 'escalation' | 'schedule'; readonly name: string }
  | { readonly type: 'user'; readonly username: string };

/** An API integration. */
export interface OpsgenieAccess {
  /** Such as `https://api.opsgenie.com`. */
  readonly url: string;
  readonly apiKey: string;
  /** The setting that holds the key, for whoever mends it. */
  readonly setting: string;
  /** None: whom the integration's team says. */
  readonly responders: readonly Responder[];
  readonly answerMsMax?: number;
}

/** Opsgenie by its Alert API, which Jira Service Management answers as well. A key is one alert there, by its alias. */
export function opsgenieChannel({ url, apiKey, setting, responders, answerMsMax }: OpsgenieAccess): Channel {
  const call = systemCall({
    name: 'Opsgenie',
    url,
    authorize: async (refused) => (refused ? null : { authorization: `GenieKey ${apiKey}` }),
    credentials: setting,
    explain,
    waitHeader: 'x-ratelimit-period-in-sec',
    ...(answerMsMax === undefined ? {} : { answerMsMax }),
  });
  return {
    kind: 'opsgenie',
    keepsKeys: true,
    async say(notice) {
      await call(callOf(notice, responders));
      return null;
    },
  };
}

function callOf(notice: Notice, responders: readonly Responder[]): SystemCall {
  const alias = aliasOf(notice.key);
  const alert = { method: 'POST' as const, query: { identifierType: 'alias' }, needs: 'the access right "Create and Update"' };
  if (notice.kind === 'acknowledged' || notice.kind === 'resolved') {
    const action = notice.kind === 'acknowledged' ? 'acknowledge' : 'close';
    return { ...alert, path: `v2/alerts/${alias}/${action}`, body: { source: SOURCE, note: harmless(notice.text) } };
  }
  const body = {
    message: cut(harmless(headline(notice)), MESSAGE_CHARACTERS_MAX),
    alias,
    description: cut(noticeLines(notice).map(harmless).join('\n'), DESCRIPTION_CHARACTERS_MAX),
    entity: cut(harmless(notice.incident), ENTITY_CHARACTERS_MAX),
    source: SOURCE,
    priority: PRIORITIES[notice.severity],
    ...(responders.length > 0 ? { responders } : {}),
  };
  return { method: 'POST', path: 'v2/alerts', body, needs: alert.needs };
}

/** The alias stands in paths, where not every server takes a slash, however it is written. */
function aliasOf(key: string): string {
  return `paramedic-${createHash('sha256').update(key).digest('hex')}`;
}

/** Opsgenie shows HTML in what it is given. */
function harmless(line: string): string {
  return plainText(line).replaceAll('<', '‹').replaceAll('>', '›').replaceAll('&', '＆');
}

function explain(text: string): Explained {
  try {
    return { code: '', message: Words.parse(JSON.parse(text)).message };
  } catch {
    return { code: '', message: text };
  }
}

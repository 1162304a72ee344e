import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Answer } from '../answer.ts';
import { type StatusAccess, whyNotShown } from './access.ts';
import { statusPage } from './page.ts';
import type { Reading, StatusReader } from './reader.ts';
import { STYLE } from './style.ts';

/** Shows how the cluster stands, to be read by people and by programs. Nothing can be done there. */
export interface StatusDoor {
  isAt(where: string): boolean;
  take(request: IncomingMessage): Promise<Answer>;
}

const PAGE = 'GET /status';
const DOCUMENT = 'GET /status.json';

const styleHash = createHash('sha256').update(STYLE).digest('base64');
const KEPT_TO_ITSELF = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // Links lead to the Web UI, which need not know from where.
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};
const PAGE_HEADERS = {
  ...KEPT_TO_ITSELF,
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
};

export function openStatusDoor(cluster: string, reader: StatusReader, access: StatusAccess): StatusDoor {
  return {
    isAt: (where) => where === PAGE || where === DOCUMENT,

    async take(request) {
      const denied = whyNotShown(request, access);
      if (denied !== null) return denied;
      const reading = await reader.read();
      const said = reading.kind === 'now' ? { code: 200, result: 'shown' as const } : { code: 503, result: 'unavailable' as const };
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://gateway');
      if (pathname === '/status.json') return { ...said, body: documentOf(reading), headers: KEPT_TO_ITSELF };
      const body = statusPage(reading, { cluster, isRefreshed: !searchParams.has('still') });
      return { ...said, body, headers: PAGE_HEADERS };
    },
  };
}

function documentOf(reading: Reading): object {
  if (reading.kind === 'now') return reading.status;
  return { error: `Temporal cannot be read: ${reading.why}`, last: reading.last };
}

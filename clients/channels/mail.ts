import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { headline, type Notice, noticeLines, noticeName } from '../../incident/notice.ts';
import { cut, plainText } from '../../incident/plain-text.ts';
import { TryLater } from '../failures.ts';
import type { Channel } from './channel.ts';

const SUBJECT_CHARACTERS_MAX = 200;
const ANSWER_WITHIN_MS = 15_000;

/** A mail server, and who writes to whom by it. */
export interface MailAccess {
  /** `smtps://user:password@host:port`, or `smtp://…`, which goes over to TLS before it logs in. */
  readonly url: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly answerMsMax?: number;
}

/** Mail by SMTP, one thread for each key. It is text alone, so that nothing in it can be markup. */
export function mailChannel({ url, from, to, answerMsMax = ANSWER_WITHIN_MS }: MailAccess): Channel {
  const { hostname, host, protocol, port, username, password } = new URL(url);
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    secure: protocol === 'smtps:',
    ...(port === '' ? {} : { port: Number(port) }),
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    requireTLS: username !== '' && !isLoopback,
    connectionTimeout: answerMsMax,
    greetingTimeout: answerMsMax,
    socketTimeout: answerMsMax,
    dnsTimeout: answerMsMax,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    kind: 'mail',
    keepsKeys: false,
    async say(notice) {
      const { accepted } = await transport.sendMail(mailOf(notice, from, to)).catch((error) => {
        throw failureOf(error, host);
      });
      if (accepted.length === 0) throw new Error(`The mail server ${host} takes mail for none of those it is for.`);
      return null;
    },
  };
}

function mailOf(notice: Notice, from: string, to: readonly string[]) {
  const first = messageId(notice.key, 'first', from);
  const isFirst = notice.kind === 'page' || notice.kind === 'question';
  return {
    from,
    to: [...to],
    // All of a thread have one subject: programs that do not look at references go by that.
    subject: `${isFirst ? '' : 'Re: '}${cut(plainText(`[${notice.severity}] ${notice.subject}`), SUBJECT_CHARACTERS_MAX)}`,
    text: [plainText(headline(notice)), '', ...noticeLines(notice).map(plainText)].join('\n'),
    // The same notice has the same id, so that a repetition can be known.
    messageId: isFirst ? first : messageId(notice.key, noticeName(notice), from),
    ...(isFirst ? {} : { inReplyTo: first, references: [first] }),
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

function messageId(key: string, name: string, from: string): string {
  const domain = /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? 'paramedic.invalid';
  return `<${createHash('sha256').update(key).digest('hex').slice(0, 40)}.${name}@${domain}>`;
}

/** What a mail server says may repeat who logged in; its number says enough. */
function failureOf({ code = '', responseCode }: { readonly code?: string; readonly responseCode?: number }, host: string): Error {
  const answered = responseCode === undefined ? '' : ` (it answered ${responseCode})`;
  if (code === 'EAUTH') return new Error(`The mail server ${host} does not let us log in: check user and password in the URL${answered}.`);
  if (code === 'ETLS') return new Error(`The mail server ${host} offers no TLS to log in over; use smtps:// or a server that does.`);
  if (code === 'ENOTFOUND' || code === 'EDNS') return new Error(`The mail server ${host} cannot be reached: the host name is not known.`);
  if (code === 'ETIMEDOUT') return new Error(`The mail server ${host} does not answer in time.`);
  // By RFC 5321 a code that begins with 4 passes.
  if (responseCode !== undefined && responseCode < 500) return new TryLater(`The mail server ${host} asks to try later${answered}.`, null);
  if (responseCode !== undefined) return new Error(`The mail server ${host} refuses the message${answered}.`);
  return new Error(`The mail server ${host} cannot be reached (${code || 'no reason given'}).`);
}

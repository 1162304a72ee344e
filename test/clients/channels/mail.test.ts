import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { mailChannel } from '../../../clients/channels/mail.ts';
import { TryLater } from '../../../clients/failures.ts';
import type { Notice } from '../../../incident/notice.ts';
import { acknowledged, page, reminder, resolved } from './notices.ts';

const SECRET = 'hunter2/hunter2@';
const FROM = 'Paramedic <paramedic@ml.example>';
const TO = ['oncall@ml.example', 'lead@ml.example'];

/** A mail as it came over the wire. */
interface Got {
  readonly to: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

let server: SMTPServer | undefined;
afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

async function mailServer(options: SMTPServerOptions = {}): Promise<{ port: number; got: Got[] }> {
  const got: Got[] = [];
  server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    onData(stream, session, done) {
      text(stream).then((mail) => {
        got.push(
          parsed(
            mail,
            session.envelope.rcptTo.map(({ address }) => address),
          ),
        );
        done();
      }, done);
    },
    ...options,
  });
  // What clients do wrong on purpose here is no fault of the server's.
  server.on('error', () => undefined);
  const port = await new Promise<number>((resolve) => {
    const listening = server!.listen(0, '127.0.0.1', () => resolve((listening.address() as AddressInfo).port));
  });
  return { port, got };
}

function parsed(mail: string, to: readonly string[]): Got {
  const [head = '', ...rest] = mail.split('\r\n\r\n');
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
  return { to, headers, body: rest.join('\r\n\r\n') };
}

const channel = (port: number, login = '', answerMsMax?: number) =>
  mailChannel({ url: `smtp://${login}127.0.0.1:${port}`, from: FROM, to: TO, ...(answerMsMax === undefined ? {} : { answerMsMax }) });
const failure = (port: number, login?: string, answerMsMax?: number): Promise<Error> =>
  channel(port, login, answerMsMax)
    .say(page(), null)
    .then(
      () => Promise.reject(new Error('It was taken.')),
      (error) => error,
    );

describe('mail', () => {
  it('is one thread for each incident, and a repetition has the id of what it repeats (safety 31)', async () => {
    const { port, got } = await mailServer();
    for (const notice of [page(), page(), reminder, acknowledged, resolved]) await channel(port).say(notice, null);
    const [first, again, ...replies] = got.map(({ headers }) => headers);
    expect(first?.['message-id']).toMatch(/^<[0-9a-f]{40}\.first@ml\.example>$/);
    expect(again?.['message-id']).toBe(first?.['message-id']);
    expect(new Set(replies.map((one) => one['message-id'])).size).toBe(3);
    for (const reply of replies) expect([reply['in-reply-to'], reply.references]).toEqual([first?.['message-id'], first?.['message-id']]);
    expect(got.map(({ headers }) => headers.subject)).toEqual([
      '[error] ml/Deployment/ranker in cluster eu: no remedy is left.',
      '[error] ml/Deployment/ranker in cluster eu: no remedy is left.',
      ...Array(3).fill('Re: [error] ml/Deployment/ranker in cluster eu: no remedy is left.'),
    ]);
    expect(got[0]?.to).toEqual(TO);
  });

  it('is text alone, with the whole page in it', async () => {
    const { port, got } = await mailServer();
    await channel(port).say(page({ nextStep: 'Look at <b>it</b>.' }), null);
    expect(got[0]?.headers['content-type']).toMatch(/^text\/plain/);
    expect(got[0]?.body).toContain('What to do next\r\n  Look at <b>it</b>.');
  });

  it('takes no header, no other receiver and no link from what it is given (safety 33)', async () => {
    const { port, got } = await mailServer();
    const hostile = 'x\r\nBcc: evil@evil.example\r\n\r\n<script>https://evil.example</script>\r\n.\r\nMAIL FROM:<evil@evil.example>';
    const notice: Notice = page({ reason: hostile }, { subject: hostile, key: hostile, incident: hostile });
    await channel(port).say(notice, null);
    expect(got).toHaveLength(1);
    expect(got[0]?.to).toEqual(TO);
    expect(Object.keys(got[0]!.headers)).not.toContain('bcc');
    expect(got[0]?.headers['content-type']).toMatch(/^text\/plain/);
    expect(got[0]?.body).not.toContain('https://');
  });

  it('logs in where the URL says as whom', async () => {
    const logins: string[] = [];
    const { port, got } = await mailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth({ username, password }, _session, done) {
        logins.push(`${username} ${password}`);
        done(null, { user: 'ann' });
      },
    });
    await channel(port, `ann:${encodeURIComponent(SECRET)}@`).say(page(), null);
    expect(logins).toEqual([`ann ${SECRET}`]);
    expect(got).toHaveLength(1);
  });

  it('never sends a password in the clear to another machine (safety 34)', async () => {
    const logins: unknown[] = [];
    const { port } = await mailServer({
      allowInsecureAuth: true,
      onAuth(auth, _session, done) {
        logins.push(auth);
        done(null, { user: 'ann' });
      },
    });
    // The same server by a name that is not known to be this machine.
    const elsewhere = mailChannel({ url: `smtp://ann:${encodeURIComponent(SECRET)}@0.0.0.0:${port}`, from: FROM, to: TO });
    const error = await elsewhere.say(page(), null).catch((one: Error) => one);
    expect(String(error)).toMatch(/offers no TLS to log in over/);
    expect(logins).toEqual([]);
  });

  it('that is refused, put off, or not let in says so in a sentence without a secret (safety 31, 34)', async () => {
    const says = (responseCode: number) =>
      mailServer({ onMailFrom: (_address, _session, done) => done(Object.assign(new Error(`no ${SECRET}`), { responseCode })) });
    const { port: refusing } = await says(550);
    expect((await failure(refusing)).message).toBe(`The mail server 127.0.0.1:${refusing} refuses the message (it answered 550).`);
    await new Promise<void>((resolve) => server!.close(() => resolve()));
    const { port: putOff } = await says(451);
    const later = await failure(putOff);
    expect(later).toBeInstanceOf(TryLater);
    expect(later.message).toBe(`The mail server 127.0.0.1:${putOff} asks to try later (it answered 451).`);
    await new Promise<void>((resolve) => server!.close(() => resolve()));
    const { port: closed } = await mailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ password }, _session, done) => done(new Error(`not ${password}`)),
    });
    const error = await failure(closed, `ann:${encodeURIComponent(SECRET)}@`);
    expect(error.message).toMatch(/^The mail server 127\.0\.0\.1:\d+ does not let us log in: check user and password in the URL/);
    expect(`${error.stack} ${JSON.stringify(error)} ${error.cause}`).not.toContain(SECRET);
  });

  it('that nobody may get is not taken', async () => {
    const { port } = await mailServer({ onRcptTo: (_address, _session, done) => done(new Error('no such user')) });
    expect((await failure(port)).message).toMatch(/refuses the message|takes mail for none/);
  });

  it('may go later where the server is away or says nothing (safety 31)', async () => {
    expect((await failure(1)).message).toBe('The mail server 127.0.0.1:1 cannot be reached (ESOCKET).');
    const { port } = await mailServer({ onConnect: () => undefined });
    expect((await failure(port, '', 300)).message).toBe(`The mail server 127.0.0.1:${port} does not answer in time.`);
  });
});

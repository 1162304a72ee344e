import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Refused } from '../../clients/failures.ts';
import { applicationDefault, googleCall } from '../../clients/google/google-call.ts';
import { openVendorServer, type VendorServer } from './http/vendor-server.ts';

const NAME = 'GOOGLE_APPLICATION_CREDENTIALS';

let server: VendorServer;
let folder: string;
let before: string | undefined;

beforeEach(async () => {
  server = await openVendorServer();
  folder = mkdtempSync(join(tmpdir(), 'paramedic-'));
  before = process.env[NAME];
});

afterEach(async () => {
  if (before === undefined) delete process.env[NAME];
  else process.env[NAME] = before;
  rmSync(folder, { recursive: true, force: true });
  await server.close();
});

function credentials(file: object): void {
  const path = join(folder, 'key.json');
  writeFileSync(path, JSON.stringify(file));
  process.env[NAME] = path;
}

/** A workload whose identity is kept elsewhere, as a file that is renewed. */
function workload(tokenUrl: string) {
  const file = join(folder, 'subject-token');
  writeFileSync(file, 'subject');
  return {
    type: 'external_account',
    audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/p',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: tokenUrl,
    credential_source: { file },
  };
}

const read = (authorize: ReturnType<typeof applicationDefault>) =>
  googleCall('Vertex AI', { url: server.url, project: 'p', location: 'l', authorize })({
    method: 'GET',
    path: 'models/7',
    needs: 'aiplatform.models.get',
  });

describe('a call of Google Cloud', () => {
  it('is made under a token for the workload that the environment names, which is asked for once', async () => {
    credentials(workload(`${server.url}/token`));
    server.answer(
      {
        body: '{"access_token":"ya29.hunter2","expires_in":3600,"token_type":"Bearer","issued_token_type":"urn:ietf:params:oauth:token-type:access_token"}',
        headers: { 'content-type': 'application/json' },
      },
      {},
    );
    const authorize = applicationDefault('p');
    await read(authorize);
    await read(authorize);
    expect(server.got.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/token', undefined],
      ['/v1/models/7', 'Bearer ya29.hunter2'],
      ['/v1/models/7', 'Bearer ya29.hunter2'],
    ]);
  });

  it('is made once more under another token where the first was refused, and not under the same one', async () => {
    credentials(workload(`${server.url}/token`));
    const token = (name: string) => ({
      body: JSON.stringify({ access_token: name, expires_in: 3600, token_type: 'Bearer', issued_token_type: 'urn:x' }),
      headers: { 'content-type': 'application/json' },
    });
    const authorize = applicationDefault('p');
    server.answer(token('ya29.first'), { status: 401 }, token('ya29.second'), {});
    await read(authorize);
    expect(server.got.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      'Bearer ya29.first',
      undefined,
      'Bearer ya29.second',
    ]);
    server.got.length = 0;
    server.answer({ status: 401, body: 'who?' }, token('ya29.second'));
    await expect(read(authorize)).rejects.toThrow(/^Vertex AI does not know us: check GOOGLE_APPLICATION_CREDENTIALS/);
    expect(server.got.map(({ url }) => url)).toEqual(['/v1/models/7', '/token']);
  });

  it('may be made again where whoever gives the token does not answer', async () => {
    credentials(workload('http://127.0.0.1:1/token'));
    const error = await read(applicationDefault('p')).catch((one) => one);
    expect(error).not.toBeInstanceOf(Refused);
    expect(error.message).toBe('Cannot ask Google Cloud for a token now: whoever gives it does not answer.');
  });

  it.each([
    ['are not taken', () => credentials(workload(`${server.url}/token`))],
    ['are none', () => credentials({})],
    ['name a file that is not there', () => (process.env[NAME] = join(folder, 'missing.json'))],
  ])('is refused, in a sentence without their content, where the credentials %s (safety 34)', async (_case, set) => {
    set();
    server.answer({
      status: 400,
      body: '{"error":"invalid_grant","error_description":"hunter2"}',
      headers: { 'content-type': 'application/json' },
    });
    await expect(read(applicationDefault('p'))).rejects.toThrow(
      new Refused('Cannot say who we are at Google Cloud: there are no valid Application Default Credentials.'),
    );
    expect(server.got.map(({ url }) => url)).not.toContain('/v1/models/7');
  });
});

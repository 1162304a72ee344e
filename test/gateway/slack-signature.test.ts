import { describe, expect, it } from '@jest/globals';
import { readSignature } from '../../gateway/slack/signature.ts';
import { SIGNING_SECRET, signed } from './slack-request.ts';

describe('readSignature()', () => {
  // The example of https://docs.slack.dev/authentication/verifying-requests-from-slack, with the signature given there.
  const body =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
  const signature = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';
  const headersDistinct = { 'x-slack-request-timestamp': ['1531420618'], 'x-slack-signature': [signature] };

  it("takes the example of Slack's documentation", () => {
    expect(readSignature({ headersDistinct }, Buffer.from(body), SIGNING_SECRET, 1_531_420_618_000)).toEqual({
      kind: 'signed',
      signature,
      atSeconds: 1_531_420_618,
    });
  });

  it.each([
    [-301, 'unsigned'],
    [-300, 'signed'],
    [300, 'signed'],
    [301, 'unsigned'],
  ])('takes it %p s from its time as %p (safety 29)', (seconds, kind) => {
    const nowMs = (1_531_420_618 + seconds) * 1000;
    expect(readSignature({ headersDistinct }, Buffer.from(body), SIGNING_SECRET, nowMs)).toMatchObject({ kind });
  });

  it('takes nothing under an empty secret (safety 29)', () => {
    const { headers } = signed(body, '1531420618', '');
    const own = { 'x-slack-request-timestamp': ['1531420618'], 'x-slack-signature': [headers['X-Slack-Signature']!] };
    expect(readSignature({ headersDistinct: own }, Buffer.from(body), '', 1_531_420_618_000)).toMatchObject({ kind: 'unsigned' });
  });
});

import { describe, expect, it } from '@jest/globals';
import { type StatusAccess, whyNotShown } from '../../../gateway/status/access.ts';

const TOKEN = 'anns-token-of-enough-length';
const access: StatusAccess = { holders: [{ name: 'ann', token: TOKEN }] };

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
const code = (headersDistinct: Record<string, string[]>, of: StatusAccess = access) => whyNotShown({ headersDistinct }, of)?.code ?? 200;

describe('who may see the status', () => {
  it('is whoever shows a token, as a password in a browser or as a bearer', () => {
    expect(code({ authorization: [`Bearer ${TOKEN}`] })).toBe(200);
    expect(code({ authorization: [basic(`ann:${TOKEN}`)] })).toBe(200);
    expect(code({ authorization: [basic(`:${TOKEN}`)] })).toBe(200);
  });

  it.each([
    ['nothing', {}],
    ['a wrong token', { authorization: ['Bearer anns-token-of-enough-lengtH'] }],
    ['a wrong password', { authorization: [basic('ann:wrong')] }],
    ['the token as the user name', { authorization: [basic(`${TOKEN}:`)] }],
    ['an empty password', { authorization: [basic('ann:')] }],
    ['what is no base64', { authorization: ['Basic %%%'] }],
    ['the token twice', { authorization: [`Bearer ${TOKEN}`, `Bearer ${TOKEN}`] }],
    ['the token in another header', { cookie: [TOKEN] }],
  ])('is nobody who shows %s, and a browser is told to ask for it', (_what, headers) => {
    expect(whyNotShown({ headersDistinct: headers as Record<string, string[]> }, access)).toEqual({
      code: 401,
      result: 'notAllowed',
      body: {
        error:
          'The token is missing or wrong; show yours of PARAMEDIC_PEOPLE_TOKENS as the password, with any user name, or as "Authorization: Bearer <token>".',
      },
      headers: { 'www-authenticate': 'Basic realm="Paramedic", charset="UTF-8"' },
    });
  });

  it('is everybody on this machine where nobody has a token and nobody else gets there', () => {
    for (const host of ['127.0.0.1:8080', 'localhost', '[::1]:8080', '127.1.2.3:1'])
      expect(code({ host: [host] }, 'thisMachine')).toBe(200);
  });

  it('is no page of a stranger’s whose name leads to this machine', () => {
    for (const host of [['attacker.example:8080'], ['127.0.0.1.attacker.example'], ['localhost.attacker.example'], ['127.0.0.1', 'x'], []])
      expect(code({ host }, 'thisMachine')).toBe(403);
  });

  it('is nobody where others get there and nobody has a token', () => {
    expect(whyNotShown({ headersDistinct: { host: ['127.0.0.1'] } }, 'nobody')).toMatchObject({
      code: 403,
      body: { error: expect.stringContaining('set PARAMEDIC_PEOPLE_TOKENS') },
    });
  });
});

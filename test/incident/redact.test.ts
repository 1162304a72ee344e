import { describe, expect, it } from '@jest/globals';
import { redact } from '../../incident/redact.ts';

describe('redact()', () => {
  it.each([
    ['connect to postgres://app:hunter2hunter2@db/ml failed', 'hunter2hunter2'],
    ['DB_PASSWORD=hunter2hunter2 is wrong', 'hunter2hunter2'],
    ['{"api_key": "hunter2hunter2"}', 'hunter2hunter2'],
    ['Authorization: Bearer abcdef0123456789', 'abcdef0123456789'],
    ['key AKIAABCDEFGHIJKLMNOP used', 'AKIAABCDEFGHIJKLMNOP'],
    ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'eyJzdWIiOiIxIn0'],
    ['-----BEGIN PRIVATE KEY-----\nMIIEvQIB\n-----END PRIVATE KEY-----', 'MIIEvQIB'],
  ])('strikes the secret out of %p (safety 34)', (text, secret) => {
    expect(redact(text, 500)).not.toContain(secret);
    expect(redact(text, 500)).toContain('[redacted]');
  });

  it('leaves other text as it is, and cuts it to the length asked for', () => {
    expect(redact('no module named torch', 500)).toBe('no module named torch');
    expect(redact('x'.repeat(20), 5)).toBe('xxxxx…');
  });
});

import { describe, expect, it } from '@jest/globals';
import { parseRunbook } from '../../runbooks/load.ts';
import { runbookVersion } from '../../runbooks/version.ts';

const version = (text: string) => runbookVersion(parseRunbook('a.yaml', text).runbooks[0]!);
const TEXT = 'name: a\nfailureType: podCrash\nmatch: { alerts: [Crash] }\nremedies: [restart]\n';

describe('the version of a runbook', () => {
  it('names its content, however that is written down', () => {
    expect(version(TEXT)).toMatch(/^[0-9a-f]{12}$/);
    expect(version('remedies: [restart]\n# A comment.\nmatch: { alerts: [Crash] }\nfailureType: podCrash\nname: a\nmode: observe\n')).toBe(
      version(TEXT),
    );
  });

  it('is another one where anything else is allowed', () => {
    const changes = [
      'mode: auto',
      'settleSeconds: 31',
      'attempts: { max: 2 }',
      'approval: { withinSeconds: 60 }',
      'contain: [freezePromotions]',
    ];
    const versions = [
      version(TEXT),
      ...changes.map((change) => version(`${TEXT}${change}\n`)),
      version(TEXT.replace('[Crash]', '[Crashes]')),
    ];
    expect(new Set(versions).size).toBe(versions.length);
  });
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { home, runParamedic } from './run-paramedic.ts';

describe('paramedic schema', () => {
  it.each([
    [[], 'Paramedic runbook', 'remedies'],
    [['--limits'], 'Paramedic limits', 'namespaces'],
    [['--channels'], 'Paramedic channels', 'channels'],
  ])('with %j prints the JSON Schema of a %s', async (options, title, key) => {
    const { code, out } = await runParamedic(['schema', ...options]);
    expect(code).toBe(0);
    const schema = JSON.parse(out);
    expect(schema.title).toBe(title);
    expect(Object.keys(schema.properties)).toContain(key);
  });
});

describe('paramedic lint', () => {
  it('tells the faults of limits.yaml too, with their place', async () => {
    const folder = join(home, 'limited');
    mkdirSync(folder);
    writeFileSync(join(folder, 'a.yaml'), 'name: a\nfailureType: podCrash\nmatch: { alerts: [A] }\nremedies: [restart]\n');
    writeFileSync(join(folder, 'limits.yaml'), 'cluster:\n  blast: { replicasPercent: 101 }\n');
    const { code, err } = await runParamedic(['lint', folder]);
    expect(code).toBe(1);
    expect(err).toBe(`${folder}/limits.yaml:2:29 cluster.blast.replicasPercent: Too big: expected number to be <=100\n`);
  });

  it('tells a channel that a runbook names and channels.yaml does not', async () => {
    const folder = join(home, 'channelled');
    mkdirSync(folder);
    const chain = 'escalation: { levels: [{ channels: [oncal] }] }\n';
    writeFileSync(join(folder, 'a.yaml'), `name: a\nfailureType: podCrash\nmatch: { alerts: [A] }\nremedies: [restart]\n${chain}`);
    writeFileSync(join(folder, 'channels.yaml'), 'channels: { oncall: { kind: pagerDuty } }\n');
    const { code, err } = await runParamedic(['lint', folder]);
    expect(code).toBe(1);
    expect(err).toBe(`${folder}/a.yaml:5:37 escalation.levels.0.channels.0: "oncal" is no channel of channels.yaml; it has oncall\n`);
  });
});

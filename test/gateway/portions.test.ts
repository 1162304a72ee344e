import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { alertReader } from '../../gateway/about.ts';
import { packed, unpacked } from '../../gateway/portions.ts';
import type { Alert } from '../../incident/alert.ts';
import { LimitsFile } from '../../runbooks/limits.ts';
import { parseRunbook } from '../../runbooks/load.ts';

const { runbooks } = parseRunbook(
  'a.yaml',
  'name: a\nfailureType: podCrash\nmatch: { any: [{ metrics: [kube_pod_*] }, { alerts: [Crash], kinds: [Deployment] }] }\nremedies: [restart]\n',
);
const read = alertReader(runbooks);
const policy = { cluster: 'test', limits: LimitsFile.parse({}) };

const alertOf = (pod: string, change: Partial<Alert> = {}): Alert => ({
  ...{ name: 'Crash', status: 'firing', fingerprint: 'a1', annotations: {} },
  labels: { namespace: 'ml', pod },
  ...change,
});

describe('what is handed over of many alerts', () => {
  it('is all of them in their order, whatever they say, in portions that Temporal takes (safety 21)', async () => {
    const noise = fc.string({ unit: 'binary', minLength: 300, maxLength: 450 });
    await fc.assert(
      fc.asyncProperty(fc.array(noise, { minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 3_000 }), async (texts, count) => {
        const alerts = Array.from({ length: count }, (_, index) =>
          alertOf(`ranker-${index}`, { fingerprint: index.toString(16), annotations: { text: `${index} ${texts[index % texts.length]}` } }),
        );
        const portions = await packed(alerts.map(read), policy);
        const came = (await Promise.all(portions.map(unpacked))).flatMap((one) => one.alerts.map(({ alert }) => alert.fingerprint));
        expect(came).toEqual(alerts.map(({ fingerprint }) => fingerprint));
        expect(portions.reduce((sum, portion) => sum + portion.alerts, 0)).toBe(count);
        for (const portion of portions) expect(portion.packed.length).toBeLessThan(1_900_000);
      }),
      { numRuns: 10 },
    );
  });

  it('still belongs to the runbook that it belonged to as it came, though what told so stays out of the history (safety 34)', async () => {
    const secret = 'kube_pod_status_phase{token="hunter2hunter2"} > secret_path_errors';
    const [portion] = await packed([read(alertOf('sk-learn-model-server-1', { name: 'Other', expression: secret }))], policy);
    const text = gunzipSync(Buffer.from(portion!.packed, 'base64')).toString();
    expect(text).toContain('Other');
    expect(text).not.toMatch(/hunter2|secret_path_errors|kube_pod_status_phase/);
    const { alerts, limits } = await unpacked(portion!);
    expect(limits).toEqual(policy.limits);
    expect(alerts).toMatchObject([{ about: { subject: { namespace: 'ml', kind: 'Pod', name: 'sk-learn-model-server-1' } } }]);
    const [{ about }] = alerts as [(typeof alerts)[number]];
    expect('runbooks' in about && about.runbooks.get('Job')).toEqual(runbooks[0]);
  });

  it('is for a kind of target what it was before', async () => {
    const { alerts } = await unpacked((await packed([read(alertOf('a'))], policy))[0]!);
    const [{ about }] = alerts as [(typeof alerts)[number]];
    expect('runbooks' in about && [about.runbooks.get('Deployment')?.name, about.runbooks.get('Job')]).toEqual(['a', undefined]);
  });

  it('is known again by its digest, and only then', async () => {
    const digest = async (...pods: string[]) =>
      (
        await packed(
          pods.map((pod) => read(alertOf(pod))),
          policy,
        )
      )[0]!.digest;
    expect(await digest('a', 'b')).toBe(await digest('a', 'b'));
    expect(await digest('a', 'b')).not.toBe(await digest('a', 'c'));
  });
});

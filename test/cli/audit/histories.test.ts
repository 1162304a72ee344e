import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sealed } from '../../../clients/audit/seal.ts';
import { openTrail } from '../../../clients/audit/trail.ts';
import { verifyTrail } from '../../../clients/audit/verify.ts';
import type { AuditLine } from '../../../incident/audit-line.ts';
import { evidence, readyPod, sickPod } from '../../evidence.ts';
import { scriptedCluster } from '../../scripted-cluster.ts';
import { newTarget, onWorker, runbook, type Stage, setTheStage, untilTold } from '../../workflows/incident-run.ts';
import { resolve } from '../../workflows/permit-office/house.ts';
import { runParamedic } from '../run-paramedic.ts';

const badRelease = evidence({ pods: [sickPod({})], replicasReady: 0 });
const healthy = evidence({ pods: [readyPod('ranker-0')] });

let stage: Stage;
let folder: string;
let file: string;
let lines: readonly string[];
let cluster: string;

beforeAll(async () => {
  stage = await setTheStage();
  folder = mkdtempSync(join(tmpdir(), 'paramedic-histories-'));
  file = join(folder, 'audit.jsonl');
  const { write: writeAudit } = openTrail(file, { version: '0.1.0' });
  const ignored = () => undefined;
  const target = newTarget();
  cluster = target.cluster;
  await onWorker(stage, runbook('podCrash'), scriptedCluster([badRelease, healthy]), target, ignored, healed, { writeAudit });
  lines = readFileSync(file, 'utf8').trim().split('\n');
}, 3_600_000);

afterAll(async () => {
  await stage?.leave();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

async function healed(handle: Parameters<typeof resolve>[0]): Promise<void> {
  await untilTold(handle, /Verdict: recovered/);
  await resolve(handle);
  await handle.result();
}

async function verify(...texts: readonly string[]) {
  writeFileSync(file, texts.map((line) => `${line}\n`).join(''));
  const { code, out } = await runParamedic(['audit', 'verify', file, '--temporal', '--json'], {
    ...stage.settings,
    PARAMEDIC_CLUSTER: cluster,
  });
  return {
    code,
    ...(JSON.parse(out) as {
      isWhole: boolean;
      faults: unknown[];
      histories: { faults: { kind: string; text: string }[]; hashes: number };
    }),
  };
}

/** The whole chain made anew, as somebody would who may write the file and knows how it is made. */
function rewritten(change: (line: AuditLine, index: number) => Partial<AuditLine>): string[] {
  let prev: string | null = null;
  return lines.map((text, index) => {
    const { hash: _, ...line } = JSON.parse(text) as AuditLine;
    const made = sealed({ ...line, ...change(line as AuditLine, index), prev });
    prev = made.hash;
    return made.text;
  });
}

describe('audit verify --temporal', () => {
  it('finds each line of a trail in the history of its incident', async () => {
    expect(await verify(...lines)).toMatchObject({ code: 0, isWhole: true, faults: [], histories: { faults: [], hashes: lines.length } });
  });

  it('misses what was cut off at the end, which the chain itself cannot show', async () => {
    expect((await verifyTrail([file])).faults).toEqual([]);
    const { code, isWhole, faults, histories } = await verify(...lines.slice(0, -1));
    expect({ code, isWhole, faults }).toEqual({ code: 1, isWhole: false, faults: [] });
    expect(histories.faults).toMatchObject([
      { kind: 'missing', text: expect.stringMatching(/^Closed at .* stands in its history, and in none of these files\.$/) },
    ]);
  });

  it('misses also incidents of the cluster that no line is left of', async () => {
    const { code, histories } = await verify();
    expect(code).toBe(1);
    expect(histories.faults.map(({ kind }) => kind)).toEqual(lines.map(() => 'missing'));
  });

  it('finds a chain that was made anew, and whole, around another word', async () => {
    const forged = rewritten(({ step }) => (step === 'Verified' ? { text: 'worse' } : {}));
    const { code, faults, histories } = await verify(...forged);
    expect({ code, faults }).toEqual({ code: 1, faults: [] });
    expect(histories.faults.filter(({ kind }) => kind === 'inserted')).toMatchObject([
      { text: expect.stringMatching(/^Verified at .* stands in the trail, and its history knows nothing of it\.$/) },
    ]);
    expect(histories.faults.filter(({ kind }) => kind === 'missing').length).toBeGreaterThan(0);
  });

  it('takes a line that stands twice since its writer died before Temporal heard of it', async () => {
    const { hash: prev, ...acting } = JSON.parse(lines[1]!) as AuditLine;
    const once = sealed({ ...acting, writer: 'a'.repeat(16), seq: 1, prev: (JSON.parse(lines[0]!) as AuditLine).hash });
    const { histories } = await verify(lines[0]!, once.text, ...lines.slice(1));
    expect(prev).toBeDefined();
    expect(histories.faults).toEqual([]);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflows } from '../../worker/bundle.ts';

/** The workflows, bundled, as a file. */
export async function writeBundle(): Promise<{ readonly codePath: string; remove(): void }> {
  const { code } = await bundleWorkflows();
  const folder = mkdtempSync(join(tmpdir(), 'paramedic-bundle-'));
  const codePath = join(folder, 'workflows.js');
  writeFileSync(codePath, code);
  return { codePath, remove: () => rmSync(folder, { recursive: true }) };
}

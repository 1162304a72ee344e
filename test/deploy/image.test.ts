import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..');
const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8').replaceAll('\\\n', ' ').split('\n');
const lines = (instruction: string) => dockerfile.filter((line) => line.startsWith(`${instruction} `));

/** What a file imports, now or later. */
function importsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/(?:\bfrom |\bimport\(|^import )'([^'\n]+)'/gm)].map(([, name]) => name!);
}

/** Every file of ours that an entry reaches by import, and every package. */
function reached(entries: readonly string[]): { readonly files: readonly string[]; readonly packages: readonly string[] } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const waiting = entries.map((entry) => join(ROOT, entry));
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    for (const name of importsOf(file)) {
      if (name.startsWith('.')) waiting.push(join(dirname(file), name));
      else if (!name.startsWith('node:')) packages.add(name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
    }
  }
  return { files: [...files].map((file) => relative(ROOT, file)), packages: [...packages] };
}

const image = reached(['cli/paramedic.ts', 'worker/write-bundle.ts', 'workflows/index.ts', 'deploy/is-ready.ts']);
/** Sources of COPY instructions that come from the checkout. */
const copied = lines('COPY')
  .filter((line) => !line.includes('--from='))
  .flatMap((line) => line.split(/\s+/).slice(1, -1));
const isCopied = (file: string) => copied.some((source) => file === source || file.startsWith(`${source}/`));

describe('The image', () => {
  it('holds every file the command line reaches', () => {
    expect(image.files.length).toBeGreaterThan(50);
    expect(image.files.filter((file) => !isCopied(file))).toEqual([]);
  });

  it('holds the runbooks', () => {
    const shipped = readdirSync(join(ROOT, 'runbooks')).filter((file) => file.endsWith('.yaml'));
    expect(shipped.filter((file) => !isCopied(`runbooks/${file}`))).toEqual([]);
  });

  it('needs no package that is only for development', () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(image.packages.filter((name) => !(name in dependencies))).toEqual([]);
  });

  it('is let in by .dockerignore exactly as it is copied', () => {
    const letIn = [...readFileSync(join(ROOT, '.dockerignore'), 'utf8').matchAll(/^!(.+)$/gm)].map(([, path]) => path);
    expect(letIn.sort()).toEqual([...copied].sort());
  });

  it('runs as a numbered user that is not root, from a pinned Node that has our version', () => {
    expect(lines('USER')).toEqual(['USER 10001:10001']);
    const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    // Whoever builds it may say from which commit.
    expect(lines('ARG')).toEqual([`ARG NODE_IMAGE=node:${devDependencies.node}-bookworm`, 'ARG COMMIT=']);
    expect(lines('FROM').every((line) => line.startsWith('FROM $') && line.includes('{NODE_IMAGE}'))).toBe(true);
  });

  it('starts the command line, says whether it is ready, and carries no secret', () => {
    expect(lines('ENTRYPOINT')).toEqual(['ENTRYPOINT ["node", "cli/paramedic.ts"]']);
    expect(lines('HEALTHCHECK').join()).toContain('deploy/is-ready.ts');
    expect([...lines('ENV'), ...lines('ARG')].filter((line) => /SECRET|PASSWORD|TOKEN|API_KEY/.test(line))).toEqual([]);
  });
});

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnTied } from '../../sandbox/lifeline.ts';
import { createObtainer } from '../../sandbox/obtain.ts';
import { answers } from '../../sandbox/readiness.ts';
import { freePort } from '../../worker/listen.ts';
import { until } from '../until.ts';

/** A real Prometheus that scrapes, and looks at its rules, every second. */
export interface RealPrometheus {
  /** From now on it scrapes these ports of this machine. */
  scrape(...ports: readonly number[]): void;
  /** What it answers at a path of its API. @throws with its words, where that is an error */
  api<T>(path: string): Promise<T>;
  /** The values a query gives now. */
  values(query: string): Promise<string[]>;
  stop(): Promise<void>;
}

/** @param folder of its own, which it makes and takes away */
export async function startPrometheus(folder: string, rules = ''): Promise<RealPrometheus> {
  mkdirSync(folder);
  writeFileSync(join(folder, 'rules.yaml'), rules);
  const targetsFile = join(folder, 'targets.json');
  const scrape = (...ports: readonly number[]) =>
    writeFileSync(targetsFile, JSON.stringify(ports.map((port) => ({ targets: [`127.0.0.1:${port}`] }))));
  scrape();
  const configuration = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [join(folder, 'rules.yaml')],
    scrape_configs: [{ job_name: 'paramedic', file_sd_configs: [{ files: [targetsFile], refresh_interval: '1s' }] }],
  };
  writeFileSync(join(folder, 'prometheus.json'), JSON.stringify(configuration));
  const program = await createObtainer({ progress: () => undefined }).program('prometheus');
  const address = `http://127.0.0.1:${await freePort()}`;
  const args = [`--config.file=${folder}/prometheus.json`, `--storage.tsdb.path=${folder}/data`];
  const child = spawnTied(program, [...args, `--web.listen-address=${address.slice('http://'.length)}`], { output: 'pipe' });
  await until('Prometheus is ready', () => answers(`${address}/-/ready`));

  async function api<T>(path: string): Promise<T> {
    const answer = (await (await fetch(`${address}/api/v1/${path}`)).json()) as { data: T; error?: string };
    if (answer.error !== undefined) throw new Error(`Prometheus says to ${decodeURIComponent(path)}: ${answer.error}`);
    return answer.data;
  }

  return {
    scrape,
    api,
    async values(query) {
      const { result } = await api<{ result: { value: [number, string] }[] }>(`query?query=${encodeURIComponent(query)}`);
      return result.map(({ value }) => value[1]);
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.kill()) await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

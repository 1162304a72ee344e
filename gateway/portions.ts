import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Alert } from '../incident/alert.ts';
import type { Portion } from '../incident/portion.ts';
import type { TargetKind } from '../incident/target.ts';
import type { LimitsFile } from '../runbooks/limits.ts';
import type { RunbooksByKind } from '../runbooks/match.ts';
import type { Runbook } from '../runbooks/schema.ts';
import type { About, ReadAlert } from './about.ts';
import { forHistory, type Ignored } from './intake.ts';
import { openTurns } from './turns.ts';

/** Temporal takes two megabytes at once. Packed, alerts of a storm take a tenth of this, and what cannot be packed a third more. */
const BYTES_MAX = 800_000;
/** Nobody but us packs, and yet. */
const UNPACKED_BYTES_MAX = 64 * 2 ** 20;

/** What decides on the alerts of a portion beside themselves: it is that of the moment when they came. */
export interface PackedPolicy {
  readonly cluster: string;
  readonly limits: LimitsFile;
}

interface Packed extends PackedPolicy {
  readonly runbooks: readonly Runbook[];
  /** Names of runbooks by kinds of targets, each combination once. */
  readonly choices: readonly Readonly<Partial<Record<TargetKind, string>>>[];
  readonly alerts: readonly PackedAlert[];
}

interface PackedAlert {
  readonly alert: Alert;
  readonly about: Ignored | { readonly subject: About['subject']; readonly choice: number };
}

/** Packs alerts, as they may stand in a history. What would be lost by that, such as the expression of a rule, has been looked at before. */
export async function packed(alerts: readonly ReadAlert[], policy: PackedPolicy): Promise<Portion[]> {
  const portions: Portion[] = [];
  const letOthersRun = openTurns();
  let portion = openPortion(policy);
  for (const alert of alerts) {
    await letOthersRun();
    if (portion.bytes() >= BYTES_MAX) {
      portions.push(await portion.close());
      portion = openPortion(policy);
    }
    portion.add(alert);
  }
  return alerts.length === 0 ? [] : [...portions, await portion.close()];
}

/** Packs what is left of one portion, which makes no larger one. */
export function packedAgain(alerts: readonly ReadAlert[], policy: PackedPolicy): Promise<Portion> {
  const portion = openPortion(policy);
  for (const alert of alerts) portion.add(alert);
  return portion.close();
}

function openPortion({ cluster, limits }: PackedPolicy) {
  const runbooks = new Map<string, Runbook>();
  const choices = new Map<string, number>();
  const texts: string[] = [];
  let bytes = 0;

  function choiceOf(chosen: RunbooksByKind): number {
    for (const runbook of chosen.values()) runbooks.set(runbook.name, runbook);
    const key = JSON.stringify(Object.fromEntries([...chosen].map(([kind, { name }]) => [kind, name])));
    const choice = choices.get(key) ?? choices.size;
    choices.set(key, choice);
    return choice;
  }

  return {
    bytes: () => bytes,
    add({ alert, about }: ReadAlert): void {
      const packedAbout = 'why' in about ? about : { subject: about.subject, choice: choiceOf(about.runbooks) };
      const text = JSON.stringify({ alert: forHistory(alert), about: packedAbout } satisfies PackedAlert);
      bytes += Buffer.byteLength(text);
      texts.push(text);
    },
    async close(): Promise<Portion> {
      const policy = JSON.stringify({ cluster, limits, runbooks: [...runbooks.values()] }).slice(1, -1);
      const json = `{${policy},"choices":[${[...choices.keys()].join(',')}],"alerts":[${texts.join(',')}]}`;
      const digest = createHash('sha256').update(json).digest('hex').slice(0, 16);
      return { alerts: texts.length, digest, packed: (await promisify(gzip)(json)).toString('base64') };
    },
  };
}

/** @throws when it is none that was packed here */
export async function unpacked({ packed: text }: Portion): Promise<PackedPolicy & { readonly alerts: readonly ReadAlert[] }> {
  const json = await promisify(gunzip)(Buffer.from(text, 'base64'), { maxOutputLength: UNPACKED_BYTES_MAX });
  const { cluster, limits, runbooks, choices, alerts }: Packed = JSON.parse(json.toString());
  const byName = new Map(runbooks.map((runbook) => [runbook.name, runbook]));
  const byKinds = choices.map((choice): RunbooksByKind => {
    const entries = Object.entries(choice) as [TargetKind, string][];
    return new Map(entries.flatMap(([kind, name]) => (byName.has(name) ? [[kind, byName.get(name)!] as const] : [])));
  });
  return { cluster, limits, alerts: alerts.map(({ alert, about }) => ({ alert, about: readAbout(about, byKinds) })) };
}

function readAbout(about: PackedAlert['about'], byKinds: readonly RunbooksByKind[]): ReadAlert['about'] {
  return 'why' in about ? about : { subject: about.subject, runbooks: byKinds[about.choice] ?? new Map() };
}

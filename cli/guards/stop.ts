import type { Freeze } from '../../guards/ledger/ledger.ts';
import { freezeText } from '../../guards/people/freeze.ts';
import { commander } from '../caller.ts';
import { printable } from '../printable.ts';
import { type DeskOptions, freezesOf, withDesk } from './desk.ts';

/** What `thaw` takes. */
export interface ThawOptions extends DeskOptions {
  readonly namespace?: string;
  readonly runbook?: string;
}

/** What `freeze` takes. */
export interface FreezeOptions extends ThawOptions {
  /** Seconds. */
  readonly for?: number;
  readonly reason?: string;
}

export function freeze({ namespace, runbook, for: forSeconds, reason, ...options }: FreezeOptions): Promise<void> {
  return withDesk(options, async ({ cluster, where, desk }) => {
    const freezes = await desk.freeze({ namespace, runbook, forSeconds, reason, by: commander() });
    const isThis = (one: Freeze) => one.namespace === (namespace ?? null) && one.runbook === (runbook ?? null);
    const own = freezes.filter(isThis).map(freezeText).join(' ');
    const others = freezes.filter((one) => !isThis(one)).map(freezeText);
    print(
      options.json
        ? { cluster, freezes }
        : [
            `${capital(where)}: ${own} To end it: ${thawCommand({ namespace, runbook, ...options })}`,
            ...others.map((text) => `In force as well: ${text}`),
          ],
    );
  });
}

export function thaw({ namespace, runbook, ...options }: ThawOptions): Promise<void> {
  return withDesk(options, async ({ cluster, where, desk, shared }) => {
    const before = (await desk.board()).freezes;
    const freezes = await desk.thaw({ namespace, runbook, by: commander() });
    const left = freezes.map(freezeText);
    const ended = before.filter((text) => !left.includes(text));
    const elsewhere = shared === null ? [] : await freezesOf(shared);
    print(
      options.json
        ? { cluster, ended, freezes, allClusters: elsewhere }
        : [
            ended.length === 0 ? `No such freeze was in force for ${where}.` : `Ended for ${where}: ${ended.join(' ')}`,
            ...(left.length === 0
              ? [`No freeze that a person called is left for ${where}.`]
              : left.map((text) => `Still in force for ${where}: ${text}`)),
            ...(elsewhere?.map((text) => `Still in force for all clusters: ${text} To end it: ${thawCommand({ allClusters: true })}`) ?? [
              'Whether a freeze of all clusters is in force cannot be told: no worker answered.',
            ]),
          ],
    );
  });
}

type Scope = { readonly [key in 'namespace' | 'runbook' | 'allClusters']?: ThawOptions[key] | undefined };

function thawCommand({ namespace, runbook, allClusters }: Scope): string {
  return [
    'paramedic thaw',
    ...(namespace === undefined ? [] : [`--namespace ${namespace}`]),
    ...(runbook === undefined ? [] : [`--runbook ${runbook}`]),
    ...(allClusters ? ['--all-clusters'] : []),
  ].join(' ');
}

function print(what: readonly string[] | object): void {
  const lines = Array.isArray(what) ? what.map(printable) : [JSON.stringify(what)];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function capital(text: string): string {
  return text.replace(/^./, (letter) => letter.toUpperCase());
}

import { isNamespaceName, isRunbookName } from '../../incident/names.ts';
import { secondsOf } from '../../incident/time-span.ts';

/** What a person asks for in Slack. */
export type SlackCommand =
  | { readonly kind: 'freeze'; readonly scope: Scope; readonly forSeconds: number | null; readonly reason: string }
  | { readonly kind: 'thaw'; readonly scope: Scope }
  | { readonly kind: 'guards' }
  /** It makes no sense, and the sentence says why. */
  | { readonly kind: 'fault'; readonly fault: string };

/** Null: any. */
export interface Scope {
  readonly namespace: string | null;
  readonly runbook: string | null;
}

const USAGE = 'Say freeze [namespace=NAME] [runbook=NAME] [for=2h] [reason], thaw [namespace=NAME] [runbook=NAME], or guards.';

const OPTIONS: Readonly<Record<string, { readonly isValid: (value: string) => boolean; readonly wanted: string }>> = {
  namespace: { isValid: isNamespaceName, wanted: 'the name of a Kubernetes namespace' },
  runbook: { isValid: isRunbookName, wanted: 'the name of a runbook, such as pod-crash' },
  for: { isValid: (value) => secondsOf(value) !== null, wanted: 'a length of time of at most a year, such as 90s, 30m, 2h or 1d' },
};

/** Reads what was typed after the command's name. Words that are no option are the reason, and nothing else. */
export function readCommand(text: string): SlackCommand {
  const [verb, ...words] = text.split(/\s+/).filter((word) => word !== '');
  const options = new Map<string, string>();
  const reason: string[] = [];
  for (const word of words) {
    const [, key, value] = /^(namespace|runbook|for)=(.*)$/i.exec(word) ?? [];
    if (key === undefined || value === undefined) {
      reason.push(word);
      continue;
    }
    const name = key.toLowerCase();
    const { isValid, wanted } = OPTIONS[name]!;
    if (options.has(name)) return fault(`${name} is given twice.`);
    if (!isValid(value)) return fault(`${name} must be ${wanted}.`);
    options.set(name, value);
  }
  const scope = { namespace: options.get('namespace') ?? null, runbook: options.get('runbook') ?? null };
  if (verb === 'freeze') return { kind: 'freeze', scope, forSeconds: secondsOf(options.get('for') ?? ''), reason: reason.join(' ') };
  // A slip must not thaw more than was meant.
  if (verb === 'thaw')
    return reason.length > 0 || options.has('for') ? fault('A thaw takes namespace and runbook only.') : { kind: 'thaw', scope };
  if (verb === 'guards') return words.length > 0 ? fault('guards takes nothing else.') : { kind: 'guards' };
  return fault('That is no command.');
}

function fault(sentence: string): SlackCommand {
  return { kind: 'fault', fault: `${sentence} ${USAGE}` };
}

/** The ways by which a person's word comes in. */
export const WAYS = ['slack', 'commandLine', 'http', 'webUi'] as const;

export type Way = (typeof WAYS)[number];

/** Somebody who decides or gives a command, and how they are known. */
export interface Person {
  /** Id of the Slack user, name of the HTTP token, or the name they gave on the command line or in the Web UI. */
  readonly id: string;
  /** As others on the team know them. */
  readonly name: string;
  readonly way: Way;
  /** Ids of the Slack user groups that they are in; empty by every other way. */
  readonly groups: readonly string[];
}

const IN_WORDS: Readonly<Record<Way, string>> = {
  slack: 'in Slack',
  commandLine: 'on the command line',
  http: 'over HTTP',
  webUi: 'in the Web UI',
};

/** A person as a sentence names them, such as `ann (U012AB3CD, in Slack)`. */
export function personText({ id, name, way }: Person): string {
  return `${name} (${id === name ? '' : `${id}, `}${IN_WORDS[way]})`;
}

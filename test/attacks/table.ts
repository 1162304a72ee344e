import type { Way } from '../../incident/person.ts';

/** What people, or those who play people, try on what an incident asks; each as the beginning of a sentence. */
export const ATTACKS = {
  stranger: 'A stranger decides',
  bot: 'A bot decides',
  replay: 'A decision is sent again',
  late: 'A decision comes after its time',
  twice: 'A second person decides otherwise',
  afterChange: 'A decision comes after the target has changed',
  afterResolve: 'A decision comes after the incident was resolved',
  otherIncident: "The button of another incident is used: that one's plan",
  wrongTeam: 'Somebody of another team decides',
  deactivated: 'Somebody decides who may no longer',
  ownRequest: 'Who raised the incident decides on it',
} as const;

export type Attack = keyof typeof ATTACKS;

export const WAY_TITLES: Readonly<Record<Way, string>> = { slack: 'Slack', commandLine: 'CLI', http: 'HTTP', webUi: 'Web UI' };

/** What a cell's test is called, which is also how it is found again. */
export function cellTitle(attack: Attack, way: Way): string {
  return `${ATTACKS[attack]}, by ${WAY_TITLES[way]}: refused and audited`;
}

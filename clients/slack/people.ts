import type { Person } from '../../incident/person.ts';
import { askSlack, isTold, openSlackClient, type SlackAccount } from './open-client.ts';

/** Who is in a group is asked again after so long. */
const GROUP_MS_MAX = 60_000;

/** Somebody in Slack, or why they are nobody who could decide, as a sentence. */
type Known =
  | { readonly kind: 'person'; readonly person: Person }
  | { readonly kind: 'nobody'; readonly person: Person; readonly why: string };

/** Who people in Slack are. */
export interface SlackPeople {
  /** @throws a sentence when Slack cannot be asked: then nobody is taken for anybody. */
  whoIs(user: string): Promise<Known>;
}

/** @param team id of the workspace they must be of @param groups ids of the user groups that count */
export function slackPeople(account: SlackAccount, team: string, groups: readonly string[]): SlackPeople {
  const slack = openSlackClient(account);
  const members = new Map<string, { readonly users: readonly string[]; readonly atMs: number }>();

  async function membersOf(usergroup: string): Promise<readonly string[]> {
    const kept = members.get(usergroup);
    if (kept && Date.now() - kept.atMs < GROUP_MS_MAX) return kept.users;
    const answer = await askSlack('usergroups.users.list', () => slack.usergroups.users.list({ usergroup }), ['no_such_subteam']);
    const users = isTold(answer) ? [] : (answer.users ?? []);
    members.set(usergroup, { users, atMs: Date.now() });
    return users;
  }

  return {
    async whoIs(user) {
      const answer = await askSlack('users.info', () => slack.users.info({ user }), ['user_not_found']);
      const found = isTold(answer) ? undefined : answer.user;
      const name = found?.profile?.display_name || found?.name || user;
      const person: Person = { id: user, name, way: 'slack', groups: [] };
      const nobody = (why: string): Known => ({ kind: 'nobody', person, why });
      if (!found || found.id !== user) return nobody(`Slack knows no user ${user}.`);
      if (found.deleted) return nobody(`${name} (${user}) is deactivated in Slack.`);
      if (found.is_bot || found.is_workflow_bot || user === 'USLACKBOT')
        return nobody(`${name} (${user}) is a bot, and only people decide.`);
      if (found.team_id !== team) return nobody(`${name} (${user}) is of another workspace than PARAMEDIC_SLACK_TEAM.`);
      const inThem = await Promise.all(groups.map(async (group) => ((await membersOf(group)).includes(user) ? [group] : [])));
      return { kind: 'person', person: { ...person, groups: inThem.flat() } };
    },
  };
}

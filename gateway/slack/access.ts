/** The Slack app that people give commands and decide by. */
export interface SlackAccess {
  /** By which requests over HTTP are known to be Slack's; null: none are taken. */
  readonly signingSecret: string | null;
  /** For Socket Mode, where the gateway opens the connection and nothing needs a way in; null: it is not used. */
  readonly appToken: string | null;
  /** For what is said back; null: only commands are taken, which are answered directly. */
  readonly botToken: string | null;
  /** Id of the workspace. */
  readonly team: string;
  /** Ids of people who may give commands, such as freeze; nobody when it is empty. */
  readonly users: readonly string[];
  /** Ids of the user groups that runbooks name among their approvers. */
  readonly groups: readonly string[];
  /** Where Slack's Web API is; it ends with a slash. */
  readonly url: string;
}

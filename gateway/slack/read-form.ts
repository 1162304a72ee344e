/** The fields of a slash command that are used. */
export interface SlashForm {
  readonly team: string;
  readonly user: string;
  /** Null where it is none that can be shown as it is. */
  readonly userName: string | null;
  /** Such as `/paramedic`. */
  readonly command: string;
  readonly text: string;
}

/** Null when a field is missing or there twice: then it is not told which one was meant. */
export function readForm(body: Buffer): SlashForm | null {
  const form = new URLSearchParams(body.toString('utf8'));
  const single = (name: string) => {
    const values = form.getAll(name);
    return values.length === 1 ? values[0] : undefined;
  };
  const [team, user, command, text] = ['team_id', 'user_id', 'command', 'text'].map(single);
  if (!team || !user || text === undefined || !command || !/^\/[a-z0-9_-]{1,32}$/.test(command)) return null;
  const userName = single('user_name');
  return { team, user, command, text, userName: userName && /^[A-Za-z0-9._-]{1,80}$/.test(userName) ? userName : null };
}

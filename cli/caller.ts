import { hostname, userInfo } from 'node:os';
import type { Person } from '../incident/person.ts';

/** Who gives a command on the command line. */
export function commander(): Person {
  const name = caller();
  return { id: name, name, way: 'commandLine', groups: [] };
}

/** Who gives a command, as others on the team know them: `<user>@<host>`. */
export function caller(): string {
  return `${userName()}@${hostname()}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's numbered user need not have a name.
    return `user ${process.getuid?.()}`;
  }
}

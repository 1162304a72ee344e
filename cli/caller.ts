import { hostname, userInfo } from 'node:os';

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

/** Names and reasons come from clusters, alerts and people; none may write to the terminal. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}

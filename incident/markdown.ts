/** Text from clusters and alerts, for one line of a page: none of it may become a link, an image, markup, or another line. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').replace(/[\\`*_[\]<>!#|~&]/g, (mark) => `\\${mark}`);
}

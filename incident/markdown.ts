/** Names come from clusters and alerts; none may become a link, an image or markup on a page. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>!#|]/g, (mark) => `\\${mark}`);
}

import type { ChannelKind } from '../../incident/channel-kind.ts';
import type { Notice } from '../../incident/notice.ts';

/** A way to reach people. */
export interface Channel {
  readonly kind: ChannelKind;
  /** It knows what it was told by its key, so that it may also hear the end of what perhaps never reached it. */
  readonly keepsKeys: boolean;
  /**
   * Says one notice; the same said twice is one wherever the channel can tell.
   * @param thread where the first of this key was said; null: nothing of it was yet
   * @returns where what follows is to be said; null where the channel has no such places
   * @throws TryLater, Refused, or an error for what may pass; each is a sentence without a secret
   */
  say(notice: Notice, thread: string | null): Promise<string | null>;
}

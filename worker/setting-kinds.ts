import { z } from 'zod';

/** Credentials in a URL would come out again in errors, and so in logs and histories. */
export const webAddress = z
  .url({ protocol: /^https?$/, error: 'must be a URL that begins with http:// or https://' })
  .refine((url) => !/^https?:\/\/[^/]*@/.test(url), 'must not hold a user name or a password');

export const text = z.string().min(1, 'must not be empty');

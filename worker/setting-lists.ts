import { z } from 'zod';

/** Takes a text apart at what parts its items; what is empty is left out. */
export const itemsOf = (parted: RegExp) => (text: string) => text.split(parted).flatMap((one) => one.trim() || []);

/** Shared secrets, one a line or parted by commas, so that a new one can be brought in before the old one goes. */
export const secretList = z
  .string()
  .transform(itemsOf(/[\n,]/))
  .refine((secrets) => secrets.length > 0 && secrets.every((one) => one.length >= 16), 'each secret must have at least 16 characters');

/** Pairs of HTTP Basic authentication, one a line: a password may hold a comma. */
export const basicPairs = z
  .string()
  .transform(itemsOf(/\n/))
  .refine(
    (pairs) => pairs.length > 0 && pairs.every((one) => /^[^:]+:.{16,}$/.test(one)),
    'must be user:password, one a line, each password of at least 16 characters',
  );

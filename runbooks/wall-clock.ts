import { z } from 'zod';
import { TIME_OF_DAY } from '../guards/limits.ts';

/** A time of day on the wall. */
export const clock = z.string().regex(TIME_OF_DAY, 'must be a time of day such as 22:30');
export const timezone = z.string().refine(isTimezone, 'must be a time zone such as Europe/Berlin or UTC');

function isTimezone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en-US', { timeZone: name }));
  } catch {
    return false;
  }
}

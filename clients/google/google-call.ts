import type { GoogleAuth } from 'google-auth-library';
import { z } from 'zod';
import { Refused } from '../failures.ts';
import { type Answer, type Explained, type System, type SystemCall, systemCall } from '../http/system-call.ts';

/** How Node names what keeps a request from being answered. */
const UNREACHED = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'];
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
/** As Google's APIs write a failure. */
const GoogleFailure = z.object({ error: z.object({ status: z.string().default(''), message: z.string().default('') }) });

/** A service of Google Cloud, and what we may see of it. */
export interface GoogleAccess {
  /** Such as `https://europe-west4-aiplatform.googleapis.com`. */
  readonly url: string;
  readonly project: string;
  /** Such as `europe-west4`. */
  readonly location: string;
  /** The header lines that say who we are. */
  readonly authorize: System['authorize'];
  /** How long an answer is waited for; absent: as of any system. */
  readonly answerMsMax?: number;
}

/**
 * Says who we are by Application Default Credentials: the file that GOOGLE_APPLICATION_CREDENTIALS names, or the workload's own identity.
 * A token is kept until shortly before it runs out, or is refused.
 * @param project whose things we look at, so that the credentials need not tell one
 */
export function applicationDefault(project: string): GoogleAccess['authorize'] {
  let auth: GoogleAuth | null = null;
  let last: string | undefined;
  return async (refused) => {
    try {
      // It keeps its token as long as that should hold, whoever has revoked it.
      if (refused) auth = null;
      auth ??= await openAuth(project);
      const headers = Object.fromEntries(await auth.getRequestHeaders());
      // A machine tells the same one again until it runs out.
      if (refused && headers.authorization === last) return null;
      last = headers.authorization;
      return headers;
    } catch (error) {
      throw notKnown(error as CallFailure);
    }
  };
}

/** As the library fails where it was answered, or could not reach whom it asks for a token. */
type CallFailure = Error & { readonly code?: string | number; readonly response?: { readonly status?: number } };

/** What the library says of a credential may quote it, so that its own words are left out. */
function notKnown({ code, response }: CallFailure): Error {
  const status = response?.status ?? 0;
  const isAway = UNREACHED.includes(String(code)) || status === 429 || status >= 500;
  if (isAway) return new Error('Cannot ask Google Cloud for a token now: whoever gives it does not answer.');
  return new Refused('Cannot say who we are at Google Cloud: there are no valid Application Default Credentials.');
}

/** The library takes its time to load, and most have no need of it. */
async function openAuth(project: string): Promise<GoogleAuth> {
  const library = await import('google-auth-library');
  return new library.GoogleAuth({ scopes: SCOPE, projectId: project });
}

/** The calls of a service. @param name as people call it, such as `Vertex AI` */
export function googleCall(name: string, { url, authorize, answerMsMax }: GoogleAccess): (call: SystemCall) => Promise<Answer> {
  return systemCall({
    name,
    url: `${url.replace(/\/+$/, '')}/v1`,
    authorize,
    credentials: 'GOOGLE_APPLICATION_CREDENTIALS',
    explain,
    ...(answerMsMax === undefined ? {} : { answerMsMax }),
  });
}

/** Where everything of a project in a location is. */
export function locationOf({ project, location }: Pick<GoogleAccess, 'project' | 'location'>): string {
  return `projects/${project}/locations/${location}`;
}

/** The last part of a resource's name, by which it is known in its project and location. */
export function idOf({ name }: { readonly name: string }): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function explain(text: string): Explained {
  try {
    const { status, message } = GoogleFailure.parse(JSON.parse(text)).error;
    return { code: status, message };
  } catch {
    return { code: '', message: text.slice(0, 200) };
  }
}

import { GoogleAuth } from 'google-auth-library';
import { z } from 'zod';
import { Refused } from '../failures.ts';
import { type Answer, type Explained, type System, type SystemCall, systemCall } from '../http/system-call.ts';

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
}

/**
 * Says who we are by Application Default Credentials: the file that GOOGLE_APPLICATION_CREDENTIALS names, or the workload's own identity.
 * A token is kept until shortly before it runs out.
 */
export function applicationDefault(): GoogleAccess['authorize'] {
  const auth = new GoogleAuth({ scopes: SCOPE });
  return async (refused) => {
    if (refused) return null;
    try {
      return Object.fromEntries(await auth.getRequestHeaders());
    } catch (error) {
      // What the library says of a credential may quote it.
      throw new Refused('Cannot say who we are at Google Cloud: there are no valid Application Default Credentials.', { cause: error });
    }
  };
}

/** The calls of a service. @param name as people call it, such as `Vertex AI` */
export function googleCall(name: string, { url, authorize }: GoogleAccess): (call: SystemCall) => Promise<Answer> {
  return systemCall({ name, url: `${url.replace(/\/+$/, '')}/v1`, authorize, credentials: 'GOOGLE_APPLICATION_CREDENTIALS', explain });
}

/** Where everything of a project in a location is. */
export function locationOf({ project, location }: Pick<GoogleAccess, 'project' | 'location'>): string {
  return `projects/${project}/locations/${location}`;
}

function explain(text: string): Explained {
  try {
    const { status, message } = GoogleFailure.parse(JSON.parse(text)).error;
    return { code: status, message };
  } catch {
    return { code: '', message: text.slice(0, 200) };
  }
}

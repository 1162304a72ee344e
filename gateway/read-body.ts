import type { IncomingMessage } from 'node:http';

/** The body of a request byte for byte, or null as soon as it is known to be larger than `bytesMax`; what still comes is thrown away. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer | null> {
  const body = await readBodyWithin(request, bytesMax, { fits: () => true, take: () => true });
  return Buffer.isBuffer(body) ? body : null;
}

/** What all bodies together may hold. */
export interface Room {
  fits(bytes: number): boolean;
  /** Takes so much for as long as the body is held; false where there is not so much. */
  take(bytes: number): boolean;
}

/** The same, but it also stops as soon as all bodies together would be too much. Only what has come takes room, not what is announced. */
export function readBodyWithin(request: IncomingMessage, bytesMax: number, room: Room): Promise<Buffer | 'tooLarge' | 'tooMuch'> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > bytesMax || !room.fits(announced)) {
    request.resume();
    return Promise.resolve(announced > bytesMax ? 'tooLarge' : 'tooMuch');
  }
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    let isRefused = false;
    const refuse = (why: 'tooLarge' | 'tooMuch') => {
      [chunks, isRefused] = [[], true];
      resolve(why);
    };
    request.on('data', (chunk: Buffer) => {
      if (isRefused) return;
      size += chunk.length;
      if (size > bytesMax) refuse('tooLarge');
      else if (!room.take(chunk.length)) refuse('tooMuch');
      else chunks.push(chunk);
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () => reject(new Error('The sender went away before its request was whole.')));
  });
}

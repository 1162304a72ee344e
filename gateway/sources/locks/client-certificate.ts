import { TLSSocket } from 'node:tls';
import { type Lock, lockOfHeaders } from './lock.ts';

/** A certificate of the client's that the gateway's authority signed, for one of the names. @param setting which setting names them */
export function clientCertificate(names: readonly string[], setting: string): Lock {
  return lockOfHeaders(`a client certificate for a name of ${setting}`, ({ socket }) => {
    if (!(socket instanceof TLSSocket) || !socket.authorized) return false;
    const { subject, subjectaltname = '' } = socket.getPeerCertificate();
    // A name that has to be quoted holds what would be taken for another one.
    if (subjectaltname.includes('"')) return false;
    // Where there are alternative names, the common name says nothing: RFC 9525.
    const shown = subjectaltname === '' ? [subject?.CN].flat() : subjectaltname.split(', ').map((one) => one.replace(/^(DNS|URI):/, ''));
    return shown.some((one) => one !== undefined && names.includes(one));
  });
}

/** How clients and servers say that a certificate is over, Go's and OpenSSL's. */
const EXPIRED = /certificate has expired|certificate expired|CERT_HAS_EXPIRED/i;

/** Whether the words say that a certificate is no longer valid. */
export function saysExpired(words: string): boolean {
  return EXPIRED.test(words);
}

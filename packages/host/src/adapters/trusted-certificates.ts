import * as tls from "node:tls";

/** What a connection trusts: the public authorities, and `ca` (PEM) beside them. */
export const trustedWith = (ca: string | undefined): Pick<tls.ConnectionOptions, "ca"> =>
  ca === undefined ? {} : { ca: [...tls.getCACertificates("default"), ca] };

import type { Http } from "@mh/core/ports/http.ts";

/** This machine's HTTP, loaded at its first use: most commands need none of it. */
export function lateHttp(ca: () => string | undefined): Http {
  return {
    async request(request) {
      const { nodeHttp } = await import("../adapters/node-http.ts");
      return nodeHttp(ca).request(request);
    },
  };
}

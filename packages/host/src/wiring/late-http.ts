import type { Http } from "@mh/core/ports/http.ts";

/** This machine's HTTP, loaded at its first use: most commands need none of it. */
export function lateHttp(ca: () => string | undefined): Http {
  const http = async () => (await import("../adapters/node-http.ts")).nodeHttp(ca);
  return {
    request: async (request) => (await http()).request(request),
    stream: async (request) => (await http()).stream(request),
  };
}

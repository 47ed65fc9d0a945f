import type { Http, HttpRequest, HttpResponse } from "@mh/core/ports/http.ts";

/** The world as `answer` tells it: in place of this machine's HTTP. */
export function httpOf(answer: (request: HttpRequest) => HttpResponse | Promise<HttpResponse>): Http {
  return {
    request: async (request) => answer(request),
    async stream(request) {
      const { body, ...head } = await answer(request);
      return { ...head, body: ReadableStream.from([body]) };
    },
  };
}

import * as http from "node:http";
import * as https from "node:https";
import { Fault } from "../model/fault.ts";
import type { Http, HttpRequest, HttpResponse } from "../ports/http.ts";

/** HTTP by Node's own client. `ca` gives the certificates (PEM) that are trusted beside the public ones. */
export function nodeHttp(ca: () => string | undefined): Http {
  return { request: (request) => send(request, ca()) };
}

function send(request: HttpRequest, ca: string | undefined): Promise<HttpResponse> {
  const { method, url, headers = {}, body, timeoutMs, signal } = request;
  const signals = [AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])];
  const client = new URL(url).protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const failed = (error: Error) => reject(faultOf(error, request));
    const sent = client.request(
      url,
      { method, headers, agent: false, signal: AbortSignal.any(signals), ...(ca && { ca: [ca] }) },
      (answer) => collect(answer, request).then(resolve, failed),
    );
    sent.on("error", failed);
    sent.end(body);
  });
}

async function collect(answer: http.IncomingMessage, { bytesMax }: HttpRequest): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bytesMax) {
      answer.destroy();
      throw new Fault("http.failed", `The answer is longer than ${bytesMax} bytes.`);
    }
    chunks.push(chunk);
  }
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, [value].flat().join(", ")]);
  return { status: answer.statusCode ?? 0, headers: Object.fromEntries(headers), body: Buffer.concat(chunks) };
}

function faultOf(error: Error, { url, timeoutMs }: HttpRequest): Fault {
  if (error instanceof Fault) return error;
  const { host } = new URL(url);
  const why = error.name === "TimeoutError" ? `no answer within ${timeoutMs / 1000} s` : error.message;
  return new Fault("http.failed", `${host} could not be reached: ${why}.`, { cause: error });
}

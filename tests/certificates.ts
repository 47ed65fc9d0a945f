import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

/** A certificate authority of the test's own, and a certificate of it for `localhost` and 127.0.0.1. */
export interface Certificates {
  /** PEM file of the authority. */
  caFile: string;
  ca: string;
  key: string;
  cert: string;
}

export function makeCertificates(folder: string): Certificates {
  const at = (name: string) => path.join(folder, name);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "pipe" });
  const fresh = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  fs.writeFileSync(at("names"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
  openssl(
    "req",
    "-x509",
    ...fresh,
    "-days",
    "2",
    "-subj",
    "/CN=Test CA",
    "-keyout",
    at("ca.key"),
    "-out",
    at("ca.pem"),
  );
  openssl("req", "-new", ...fresh, "-subj", "/CN=localhost", "-keyout", at("key.pem"), "-out", at("request"));
  const by = ["-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial", "-days", "2"];
  openssl("x509", "-req", "-in", at("request"), ...by, "-extfile", at("names"), "-out", at("cert.pem"));
  const read = (name: string) => fs.readFileSync(at(name), "utf8");
  return { caFile: at("ca.pem"), ca: read("ca.pem"), key: read("key.pem"), cert: read("cert.pem") };
}

import { once } from "@mh/contract/once.ts";
import { selfKinds } from "@mh/contract/self.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { z } from "zod";
import { canonical } from "../model/canonical.ts";
import { fromBase64, toBase64, utf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";

/** Of archives that this mh writes; it reads this one and older ones. */
export const archiveFormat = 1;

/** The last file of an archive: without it the archive is cut off. */
export const manifestName = "manifest.json";

/** A path within an archive or a home: relative, one meaning, no way out. */
const safePath = once(() =>
  z
    .string()
    .max(1_000)
    .refine((path) => path.split("/").every((part) => part !== "" && part !== "." && part !== ".."), "no safe path")
    .refine((path) => !/[\p{Cc}\\]/u.test(path) && path.isWellFormed(), "no safe path"),
);

const entrySchema = once(() =>
  z.strictObject({
    path: safePath(),
    kind: z.enum(selfKinds),
    bytes: z.int().nonnegative(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    /** Of a file of the home: when it was changed, and that no command wrote it. */
    changedAt: z.iso.datetime().optional(),
    byHand: z.boolean().optional(),
  }),
);
export type ArchiveEntry = z.infer<ReturnType<typeof entrySchema>>;

/** What an archive says of itself. Unknown keys are those of a later mh, and signed as well. */
const manifestSchema = once(() =>
  z.looseObject({
    format: z.int().positive(),
    mh: z.string(),
    at: z.iso.datetime(),
    home: z.strictObject({ id: z.uuid(), format: z.int(), checkpointKey: z.string() }),
    counts: z.partialRecord(z.enum(selfKinds), z.int().nonnegative()),
    /** Every file of the archive but this one. */
    entries: z.array(entrySchema()),
    log: z.strictObject({ records: z.int().nonnegative(), root: z.string() }),
    secrets: z.array(z.string()),
    redacted: z.array(z.string()),
  }),
);
export type Manifest = z.infer<ReturnType<typeof manifestSchema>>;

const signedSchema = once(() => z.strictObject({ manifest: z.unknown(), signature: z.string() }));

/** What is signed: nothing else that the key signs begins so. */
const statementOf = (manifest: unknown): Uint8Array => utf8.encode(`mh self\n${canonical(manifest)}`);

export function signManifest(sign: (message: Uint8Array) => Uint8Array, manifest: Manifest): string {
  return `${JSON.stringify({ manifest, signature: toBase64(sign(statementOf(manifest))) }, null, 2)}\n`;
}

/** Reads a manifest, once its own key has signed it. Throws `self.unreadable`. */
export function openManifest(crypto: Crypto, text: string): Manifest {
  const signed = signedSchema().safeParse(parsed(text)).data;
  const manifest = manifestSchema().safeParse(signed?.manifest).data;
  const format = (signed?.manifest as { format?: unknown } | undefined)?.format;
  if (typeof format === "number" && format > archiveFormat) {
    const why = `this mh reads archives up to format ${archiveFormat}, this one has ${format}`;
    throw new Fault("self.unreadable", `The archive was made by a newer mh: ${why}. Update mh.`);
  }
  if (!signed || !manifest) throw unreadable("its manifest cannot be read");
  const key = fromBase64(manifest.home.checkpointKey);
  const isSigned = key.length === 32 && crypto.verify(key, statementOf(signed.manifest), fromBase64(signed.signature));
  if (!isSigned) throw unreadable("its manifest is not signed by the key that it names");
  if (new Set(manifest.entries.map(({ path }) => path)).size < manifest.entries.length)
    throw unreadable("it names a file twice");
  return manifest;
}

/** What is told of a key, to be compared by a person: 128 bits of its hash. */
export function fingerprint(crypto: Pick<Crypto, "sha256Hex">, checkpointKey: string): string {
  const hex = crypto.sha256Hex(fromBase64(checkpointKey)).slice(0, 32);
  return (hex.match(/.{4}/g) ?? []).join("-");
}

export const unreadable = (why: string): Fault =>
  new Fault("self.unreadable", `The archive cannot be taken in: ${why}. Make a new one with \`mh self export\`.`);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

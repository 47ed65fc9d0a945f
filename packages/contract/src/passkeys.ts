// Passkeys (WebAuthn Level 3) of the owner's devices, beside their tokens.
import { z } from "zod";
import { defineContract } from "./contract.ts";
import { credentialSchema } from "./values/passkey.ts";

const which = () => z.string().min(1).max(64).describe("Name of the device, its id, or the beginning or end of that");
const changed = () =>
  z.strictObject({ id: z.string().describe("Id of the device"), name: z.string().describe("Its name") });
const response = () => credentialSchema().describe("What the browser answered a challenge of the daemon with, as JSON");
const aCredential = { id: "AAAA", rawId: "AAAA", type: "public-key", response: {}, clientExtensionResults: {} };

/** A device has one passkey at most, and adds it for itself. It signs in with it, and a high-risk approval needs it. */
export const passkeyAdd = defineContract({
  name: "passkey.add",
  kind: "admin",
  title: "Add a passkey to one of your devices",
  input: () => z.strictObject({ device: which(), response: response() }),
  output: changed,
  examples: [{ title: "A phone's", args: { device: "phone", response: aCredential } }],
  control: ["device"],
  undo: "mh device passkey remove",
  event: "passkey.added",
  subjects: { device: "id" },
});

/** For the owner at this machine alone: the holder of a stolen token must not remove the passkey. */
export const passkeyRemove = defineContract({
  name: "passkey.remove",
  kind: "admin",
  title: "Take the passkey of a device away",
  input: () => z.strictObject({ device: which() }),
  output: changed,
  examples: [{ title: "A phone's that is replaced", args: { device: "phone" } }],
  control: ["device"],
  event: "passkey.removed",
  subjects: { device: "id" },
});

/** The daemon gives this, as you: the passkey is the proof. */
export const passkeyUse = defineContract({
  name: "passkey.use",
  kind: "admin",
  title: "Sign a device in by its passkey",
  input: () => z.strictObject({ response: response() }),
  output: changed,
  examples: [{ title: "What the daemon does", args: { response: aCredential } }],
  event: "passkey.used",
  subjects: { device: "id" },
});

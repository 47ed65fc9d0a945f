import type { ArgsFor } from "@mh/contract/contracts.ts";

/** A passkey's answer, as the contract takes it. */
export type CredentialJson = ArgsFor<"passkey.add">["response"];

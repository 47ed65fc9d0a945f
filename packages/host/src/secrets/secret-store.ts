import type { SecretStoreKind } from "@mh/contract/values/secret-store.ts";

/** One place where secrets can lie. Each method throws `secret.locked` where it cannot be opened now. */
export interface SecretStore {
  readonly kind: SecretStoreKind;
  names(): Promise<string[]>;
  /** Undefined where there is none of that name. */
  read(name: string): Promise<string | undefined>;
  readAll(): Promise<Map<string, string>>;
  write(name: string, value: string): Promise<void>;
  remove(name: string): Promise<void>;
}

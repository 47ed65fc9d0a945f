import { z } from "zod";

/** A plain address, without a name, a comment or a group. Nothing in it can end a header or begin another address. */
export const mailAddressSchema = z
  .string()
  .max(254)
  .regex(
    /^[^\s\p{Cc}\p{Cf}"'(),:;<>@[\\\]]{1,64}@[\p{L}\p{M}\p{N}.-]{1,253}$/u,
    "an address is written as sarah@example.org",
  )
  .refine((address) => URL.canParse(`http://${domainOf(address)}`), "the part after the @ is no name of a server");

/** One way of writing each address: lower case, NFC, the domain as DNS knows it (IDNA). */
export function canonicalAddress(address: string): string {
  const at = address.lastIndexOf("@");
  const local = address.slice(0, at).normalize("NFC").toLowerCase();
  return `${local}@${asciiDomain(domainOf(address))}`;
}

/** As it is handed to a server: the local part stays as it was written. */
export function wireAddress(address: string): string {
  return `${address.slice(0, address.lastIndexOf("@"))}@${asciiDomain(domainOf(address))}`;
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}

/** A domain as DNS and commands know it. */
export function asciiDomain(domain: string): string {
  return URL.canParse(`http://${domain}`) ? new URL(`http://${domain}`).hostname : domain.toLowerCase();
}

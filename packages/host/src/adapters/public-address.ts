import ipaddr from "ipaddr.js";

/**
 * Whether an address belongs to the open Internet: not this machine, its network, a link, a provider's inside, a group,
 * or a range with a purpose of its own (the registries of RFC 6890). An IPv4 address inside an IPv6 one counts for
 * what it is where a network translates (NAT64, RFC 6052); the other ways of hiding one are refused altogether.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address instanceof ipaddr.IPv4) return address.range() === "unicast";
  if (address.zoneId) return false;
  const isTranslated = address.match(nat64);
  if (isTranslated) return new ipaddr.IPv4(address.toByteArray().slice(12)).range() === "unicast";
  return address.range() === "unicast" && address.match(allocated);
}

const nat64 = ipaddr.IPv6.parseCIDR("64:ff9b::/96");
/** What IANA hands out; the rest is nobody's, or was once this machine's own. */
const allocated = ipaddr.IPv6.parseCIDR("2000::/3");

import * as os from "node:os";
import ipaddr from "ipaddr.js";

/** This machine's interfaces, as Node lists them. */
export type Interfaces = Record<string, readonly Pick<os.NetworkInterfaceInfo, "address" | "cidr">[] | undefined>;

/**
 * Whether an address belongs to the open Internet: not this machine, its network, a link, a provider's inside, a group,
 * or a range with a purpose of its own (the registries of RFC 6890). An IPv4 address inside an IPv6 one counts for
 * what it is where a network translates (NAT64, RFC 6052); the other ways of hiding one are refused altogether.
 *
 * What this machine's interfaces are connected to is inside whatever its range: the interfaces are looked at each time,
 * because networks come and go.
 */
export function isPublicAddress(text: string, interfaces: Interfaces = os.networkInterfaces()): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = plain(ipaddr.parse(text));
  return address !== undefined && isOpenRange(address) && !isConnected(address, interfaces);
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** What is really reached by an address; undefined for one that hides another or belongs to one link. */
function plain(address: Address): Address | undefined {
  if (address instanceof ipaddr.IPv4) return address;
  if (address.zoneId) return undefined;
  if (isIsatap(address)) return undefined;
  return address.match(nat64) ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address;
}

/** An IPv4 address as the lower half of any IPv6 address: a network that tunnels so (RFC 5214) sends it there. */
function isIsatap(address: ipaddr.IPv6): boolean {
  const [first = 0, ...rest] = address.toByteArray().slice(8, 12);
  return (first & 0xfd) === 0 && rest.join() === "0,94,254";
}

function isOpenRange(address: Address): boolean {
  if (address.toString() === azureHost) return false;
  if (address.range() !== "unicast") return false;
  return address instanceof ipaddr.IPv4 || address.match(allocated);
}

function isConnected(address: Address, interfaces: Interfaces): boolean {
  return Object.values(interfaces)
    .flatMap((each) => each ?? [])
    .some((own) => {
      const [base, bits] = subnetOf(own);
      return base.kind() === address.kind() && address.match(base, bits);
    });
}

/** A tunnel's mask may name half of the Internet: then nothing but its own address is known to be inside. */
function subnetOf({ address, cidr }: Pick<os.NetworkInterfaceInfo, "address" | "cidr">): [Address, number] {
  const base = ipaddr.parse(address);
  const [whole, least] = base.kind() === "ipv4" ? [32, 8] : [128, 16];
  const bits = Number(cidr?.split("/")[1] ?? whole);
  return [base, bits < least ? whole : bits];
}

/** What a machine at Azure asks for its settings and secrets, as others do at 169.254.169.254; it is public in name only. */
const azureHost = "168.63.129.16";
const nat64 = ipaddr.IPv6.parseCIDR("64:ff9b::/96");
/** What IANA hands out; the rest is nobody's, or was once this machine's own. */
const allocated = ipaddr.IPv6.parseCIDR("2000::/3");

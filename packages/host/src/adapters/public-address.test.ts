import { expect, test } from "vitest";
import { isPublicAddress } from "./public-address.ts";

const inside = [
  ...["0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254"],
  ...["169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1"],
  ...["198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"],
  ...["::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "100::1", "2001:db8::1"],
  // IPv4 in IPv6: mapped, compatible, translated (NAT64 and SIIT), 6to4 and Teredo.
  ...["::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1"],
  ...["64:ff9b::169.254.169.254", "64:ff9b::10.0.0.1", "64:ff9b:1::10.0.0.1", "64:ff9b:1::8.8.8.8"],
  ...["2002:7f00:1::", "2002:808:808::", "2001:0:53aa:64c::", "2001:0:7f00:1::", "::2:1", "4000::1", "2606:4700::1%1"],
  ...["", "localhost", "example.org", "8.8.8.8/8", "8.8.8.8 "],
];
const outside = [
  "1.1.1.1",
  "8.8.8.8",
  "172.15.0.1",
  "172.32.0.1",
  "100.128.0.1",
  "2606:4700::1111",
  "64:ff9b::8.8.8.8",
];

test.for(inside)("P17 %s is not an address of the open Internet", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.for(outside)("P17 %s is an address of the open Internet", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

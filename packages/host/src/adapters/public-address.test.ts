import * as os from "node:os";
import { expect, test } from "vitest";
import { type Interfaces, isPublicAddress } from "./public-address.ts";

const inside = [
  ...["0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254"],
  ...["169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1"],
  ...["198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"],
  ...["::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "100::1", "2001:db8::1"],
  // IPv4 in IPv6: mapped, compatible, translated (NAT64 and SIIT), 6to4 and Teredo.
  ...["::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1"],
  ...["64:ff9b::169.254.169.254", "64:ff9b::10.0.0.1", "64:ff9b:1::10.0.0.1", "64:ff9b:1::8.8.8.8"],
  ...["2002:7f00:1::", "2002:808:808::", "2001:0:53aa:64c::", "2001:0:7f00:1::", "::2:1", "4000::1", "2606:4700::1%1"],
  // ISATAP, and what a machine in a cloud asks for its settings.
  ...["2001:4860:4860::5efe:127.0.0.1", "2a00::200:5efe:8.8.8.8", "168.63.129.16", "64:ff9b::168.63.129.16"],
  ...["100.100.100.200", "192.0.0.192", "fd00:ec2::254"],
  ...["", "localhost", "example.org", "8.8.8.8/8", "8.8.8.8 "],
];
const outside = [
  "1.1.1.1",
  "8.8.8.8",
  "172.15.0.1",
  "172.32.0.1",
  "100.128.0.1",
  "2606:4700::1111",
  "2606:4700::5eff:1111",
  "64:ff9b::8.8.8.8",
];

test.for(inside)("P17 %s is not an address of the open Internet", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.for(outside)("P17 %s is an address of the open Internet", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

/** As Node lists them: a house with public addresses of its own, a tunnel, and what every machine has. */
const interfaces: Interfaces = {
  lo: [
    { address: "127.0.0.1", cidr: "127.0.0.1/8" },
    { address: "::1", cidr: "::1/128" },
  ],
  eth0: [
    { address: "21.10.3.4", cidr: "21.10.3.4/24" },
    { address: "2a01:4f8:1:2::5", cidr: "2a01:4f8:1:2::5/64" },
    { address: "fe80::1", cidr: "fe80::1/64" },
  ],
  tunnel: [
    { address: "45.1.2.3", cidr: "45.1.2.3/1" },
    { address: "2a02::7", cidr: null },
  ],
};

test.for([
  ...["21.10.3.4", "21.10.3.1", "21.10.3.255", "45.1.2.3", "2a01:4f8:1:2::5", "2a01:4f8:1:2:ffff::1", "2a02::7"],
  // Other spellings of 21.10.3.4: translated, mapped, compatible, 6to4, Teredo, and with a zone.
  ...["64:ff9b::21.10.3.4", "64:ff9b::150a:304", "::ffff:21.10.3.4", "::ffff:150a:304", "::21.10.3.4"],
  ...["2002:150a:304::1", "2001:0:150a:304::1", "2a01:4f8:1:2::5%eth0", "0x150a0304", "0025.012.3.4", "352977668"],
])("S14 %s leads to this machine or its network, and is no address of the open Internet", (address) => {
  expect(isPublicAddress(address, interfaces)).toBe(false);
});

test.for([...["21.10.4.1", "21.10.2.255", "45.1.2.4", "64:ff9b::21.10.4.1", "2a01:4f8:1:3::5", "2a02::8"]])(
  "S14 %s is beside what the interfaces are connected to, and is reached",
  (address) => {
    expect(isPublicAddress(address, interfaces)).toBe(true);
  },
);

test("S14 no address of an interface of this very machine is of the open Internet, in no spelling", () => {
  const own = Object.values(os.networkInterfaces()).flatMap((each) => each ?? []);
  expect(own.length).toBeGreaterThan(0);
  const spelt = own.flatMap(({ address, family }) =>
    family === "IPv4" ? [address, `::ffff:${address}`, `64:ff9b::${address}`] : [address, `${address}%1`],
  );
  expect(spelt.filter((address) => isPublicAddress(address))).toEqual([]);
});

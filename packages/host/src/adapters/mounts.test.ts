import { expect, test } from "vitest";
import { mounts, placeOf, placesIn } from "./mounts.ts";

const text = `1 0 8:1 / / rw - ext4 /dev/sda1 rw
2 1 0:5 / /dev rw - tmpfs tmpfs rw
3 1 8:1 /home/ada/.config/mh/7/secrets /mnt/a\\040b rw - ext4 /dev/sda1 rw
4 1 8:1 /home /mnt/deep/home rw - ext4 /dev/sda1 rw
5 4 8:2 / /mnt/deep/home rw - ext4 /dev/sda2 rw
`;
const all = mounts(text);

test("S3 a path is known by where it lies in its file system, whatever that is mounted at", () => {
  expect(placeOf("/mnt/a b/token", all)).toEqual({ device: "8:1", path: "/home/ada/.config/mh/7/secrets/token" });
  expect(placeOf("/mnt/a b", all)).toEqual({ device: "8:1", path: "/home/ada/.config/mh/7/secrets" });
  expect(placeOf("/home/ada", all)).toEqual({ device: "8:1", path: "/home/ada" });
  expect(placeOf("/dev/shm/x", all)).toEqual({ device: "0:5", path: "/shm/x" });
  // The last of two mounts at one place is what is seen.
  expect(placeOf("/mnt/deep/home/ada", all)).toEqual({ device: "8:2", path: "/ada" });
  expect(placeOf("/anywhere", mounts(""))).toBe(undefined);
});

test("S3 what is mounted in a folder is seen by whoever is given the folder", () => {
  expect(placesIn("/mnt", all).map(({ device, path }) => device + path)).toEqual([
    ...["8:1/mnt", "8:1/home/ada/.config/mh/7/secrets", "8:1/home", "8:2/"],
  ]);
});

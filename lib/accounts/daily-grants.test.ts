import { expect, test, vi } from "vitest";
import { setClock } from "@/lib/clock";
import { useOwnDatabase } from "@/lib/db/own-database";
import { clientNetwork } from "./addresses";
import { accounts, ensureIndexes, grantDays } from "./collection";
import { createAccount, findOrCreateAccount } from "./create";
import { foldAddress } from "./free";
import { organizationDomain } from "./mailbox";
import { findById } from "./queries";
import { FREE_REQUESTS, type Account } from "./schema";

useOwnDatabase(ensureIndexes);

let day = 0;
/** Begins a UTC day that no other test uses. */
function nextDay() {
  const start = new Date(Date.UTC(2031, 0, ++day, 9));
  setClock({
    databaseTime: start,
    askedAt: performance.now(),
    answeredAt: performance.now(),
  });
}

const outcomes = (accountList: Account[]) =>
  accountList.map(({ free, freeWithheld }) => freeWithheld ?? free.requests);
const grantCount = (accountList: Account[]) =>
  accountList.filter(({ free }) => free.requests === FREE_REQUESTS).length;

test("three new accounts of one network have free requests, whatever their number", async () => {
  nextDay();
  const accountList = await Promise.all(
    Array.from({ length: 12 }, (_, i) =>
      findOrCreateAccount({ email: `network-${i}@gmail.com`, client: `203.0.113.${i}` }),
    ),
  );
  expect(grantCount(accountList)).toBe(3);
  expect(accountList.filter(({ freeWithheld }) => freeWithheld === "network")).toHaveLength(9);
  const records = await Promise.all(accountList.map(({ _id }) => findById(_id)));
  expect(records).toEqual(accountList);
  const elsewhere = await createAccount({ email: "elsewhere@gmail.com", client: "203.0.114.1" });
  expect(outcomes([elsewhere])).toEqual([FREE_REQUESTS]);
});

test("five new accounts of one email domain have free requests, from any network", async () => {
  nextDay();
  const accountList = await Promise.all(
    Array.from({ length: 12 }, (_, i) =>
      createAccount({ email: `p${i}@mail${i}.corp.co.uk`, client: `198.51.${i}.1` }),
    ),
  );
  expect(grantCount(accountList)).toBe(5);
  expect(accountList.filter(({ freeWithheld }) => freeWithheld === "domain")).toHaveLength(7);
  const neighbor = await createAccount({ email: "p@other.co.uk", client: "198.51.100.1" });
  expect(outcomes([neighbor])).toEqual([FREE_REQUESTS]);
});

test("a large mailbox provider is no domain of one organization", async () => {
  nextDay();
  const accountList = await Promise.all(
    Array.from({ length: 9 }, (_, i) =>
      createAccount({ email: `person${i}@outlook.com`, client: `2001:db8:${i}::1` }),
    ),
  );
  expect(grantCount(accountList)).toBe(9);
});

test("the daily total covers all networks and domains, and starts at zero each day", async () => {
  nextDay();
  vi.stubEnv("FREE_GRANTS_PER_DAY", "4");
  const memo = globalThis as { onekeyEnv?: unknown };
  const settings = memo.onekeyEnv;
  delete memo.onekeyEnv;
  try {
    const signUp = (name: string) =>
      Promise.all(
        Array.from({ length: 8 }, (_, i) =>
          createAccount({ email: `me@${name}${i}.example`, client: `2001:db8:0:${i}::1` }),
        ),
      );
    const accountList = await signUp("first");
    expect(grantCount(accountList)).toBe(4);
    expect(accountList.filter(({ freeWithheld }) => freeWithheld === "day")).toHaveLength(4);
    nextDay();
    expect(grantCount(await signUp("second"))).toBe(4);
  } finally {
    memo.onekeyEnv = settings;
    vi.unstubAllEnvs();
  }
});

test("a refused sign-up takes no grant from another limit", async () => {
  nextDay();
  const signUp = (email: string, client: string) => createAccount({ email, client });
  for (let i = 0; i < 5; i++) await signUp(`u${i}@full.example`, `192.0.${i}.1`);
  for (let i = 5; i < 9; i++)
    expect((await signUp(`u${i}@full.example`, "192.0.2.1")).freeWithheld).toBe("domain");
  expect(grantCount([await signUp("someone@gmail.com", "192.0.2.9")])).toBe(1);
});

test("one person who signs up many times at the same moment counts once", async () => {
  nextDay();
  const accountList = await Promise.all(
    Array.from({ length: 10 }, (_, i) =>
      createAccount({ email: `same.person+${i}@gmail.com`, client: "192.0.2.40" }),
    ),
  );
  expect(grantCount(accountList)).toBe(1);
  for (const name of ["a", "b"])
    expect(
      outcomes([await createAccount({ email: `${name}.else@gmail.com`, client: "192.0.2.40" })]),
    ).toEqual([FREE_REQUESTS]);
});

test("accounts of the operator have no daily limit and use none up", async () => {
  nextDay();
  const accountList = await Promise.all(
    Array.from({ length: 8 }, (_, i) => createAccount({ email: `staff${i}@operator.example` })),
  );
  expect(grantCount(accountList)).toBe(8);
  expect(await grantDays.countDocuments({ _id: "2031-01-08" })).toBe(0);
});

test("an unknown network address is one network", async () => {
  nextDay();
  const accountList = await Promise.all(
    ["", "203.0.113.5, 10.0.0.1", "unknown", "_hidden"].map((client, i) =>
      createAccount({ email: `hidden${i}@gmail.com`, client }),
    ),
  );
  expect(grantCount(accountList)).toBe(3);
});

test("what is kept of a day names no network, domain or account", async () => {
  nextDay();
  const { _id } = await createAccount({ email: "a@secret-corp.example", client: "192.0.2.77" });
  const records = JSON.stringify(await grantDays.find().toArray());
  expect(records).not.toMatch(/secret|192\.0|gmail/);
  expect(records).not.toContain(_id);
  const account = JSON.stringify(await accounts.findOne({ _id }));
  expect(account).not.toContain("192.0.2");
});

test.each([
  ["203.0.113.7", "203.0.113.0/24"],
  ["::ffff:203.0.113.7", "203.0.113.0/24"],
  ["::FFFF:cb00:7107", "203.0.113.0/24"],
  ["0:0:0:0:0:ffff:203.0.113.99", "203.0.113.0/24"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2:0:0:0:0/64"],
  ["2001:db8:1:2::", "2001:db8:1:2:0:0:0:0/64"],
  ["fe80::1%eth0", "fe80:0:0:0:0:0:0:0/64"],
  ["", "unknown"],
  ["1.2.3", "unknown"],
])("the network of %s is %s", (address, network) => {
  expect(clientNetwork(address)).toBe(network);
});

test.each([
  ["a@example.com", "example.com"],
  ["a@Mail.Team.Example.co.uk", "example.co.uk"],
  ["a@me.github.io", "github.io"],
  ["a@localhost", "localhost"],
  ["a@gmail.com", null],
  ["a@GoogleMail.com", null],
  ["a@user.fastmail.com", null],
  ["a@gmail.com.example.org", "example.org"],
])("the organization domain of %s is %s", (email, domain) => {
  expect(organizationDomain(email)).toBe(domain);
});

test.each([
  ["a.b-c_d+x@pm.me", "abcd@proton.me"],
  ["first.last@outlook.com", "first.last@outlook.com"],
  ["first.last+tag@outlook.com", "first.last@outlook.com"],
  ["me@mac.com", "me@icloud.com"],
])("%s folds to %s by its provider's own rules", (address, canonical) => {
  expect(foldAddress(address)).toBe(canonical);
});

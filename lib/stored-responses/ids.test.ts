import { expect, test } from "vitest";
import { collection } from "@/lib/db/collection";
import { useOwnDatabase } from "@/lib/db/own-database";
import { env } from "@/lib/env";
import { digestOf } from "@/lib/ids";
import { channelOf, ensureIndexes, rememberIds } from "./ids";
import type { StoredId } from "./schema";

useOwnDatabase(ensureIndexes);

const ids = Array.from({ length: 200 }, (_, i) => `msg_${i}`);
const lookUp = (id: string, accountId = "usr_1") => channelOf({ accountId, id });

test("a response's last item belongs to its account as soon as its first", async () => {
  const writing = rememberIds({ accountId: "usr_1", channel: "openai-1", ids });
  // Whenever the response is there, so is every item of it.
  for (let isKnown = false; !isKnown;) {
    isKnown = (await lookUp("msg_0")) !== null;
    const last = await lookUp("msg_199");
    if (isKnown) expect(last).toBe("openai-1");
  }
  await writing;
  expect(await Promise.all(ids.map((id) => lookUp(id)))).toEqual(ids.map(() => "openai-1"));
  expect(await collection("stored").countDocuments({ accountId: "usr_1" })).toBe(1);
});

test("an id stays with the account that was given it first", async () => {
  await rememberIds({ accountId: "usr_2", channel: "openai-2", ids: ["msg_0", "msg_new"] });
  await rememberIds({ accountId: "usr_2", channel: "openai-2", ids: ["resp_2", "msg_1", "msg_2"] });
  expect(await lookUp("msg_0")).toBe("openai-1");
  expect(await lookUp("msg_1")).toBe("openai-1");
  for (const id of ["msg_0", "msg_1", "msg_new"]) expect(await lookUp(id, "usr_2")).toBeNull();
  expect(await lookUp("resp_2", "usr_2")).toBe("openai-2");
});

test("a response that is seen again keeps its ids and gets the new ones", async () => {
  await rememberIds({ accountId: "usr_3", channel: "openai-3", ids: ["resp_3", "msg_a"] });
  await rememberIds({ accountId: "usr_3", channel: "openai-3", ids: ["resp_3", "msg_a", "msg_b"] });
  await rememberIds({ accountId: "usr_3", channel: "openai-3", ids: [] });
  for (const id of ["resp_3", "msg_a", "msg_b"]) expect(await lookUp(id, "usr_3")).toBe("openai-3");
});

test("an id that an earlier version stored is known, one of 31 days ago is not", async () => {
  const responses = collection<StoredId>("stored");
  const write = (id: string, days: number) =>
    responses.insertOne({
      _id: digestOf(id, env().keyPepper),
      accountId: "usr_4",
      channel: "openai-4",
      at: new Date(Date.now() - days * 86_400_000),
    });
  await write("msg_early", 1);
  await write("msg_old", 31);
  expect(await lookUp("msg_early", "usr_4")).toBe("openai-4");
  expect(await lookUp("msg_old", "usr_4")).toBeNull();
});

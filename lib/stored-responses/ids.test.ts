import { expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { channelOf, ensureIndexes, rememberIds } from "./ids";

useOwnDatabase(ensureIndexes);

const ids = Array.from({ length: 200 }, (_, i) => `msg_${i}`);

/** A client that has the whole answer may refer to its last item in its next request, which is held for before it is looked up. */
test("an answer's last item is its account's as soon as its first, however many there are", async () => {
  const lookUp = (id: string) => channelOf({ accountId: "usr_1", id });
  await Promise.all(ids.slice(0, 4).map(lookUp));
  const writing = rememberIds({ accountId: "usr_1", channel: "openai-1", ids });
  await lookUp("resp_of_nobody");
  await lookUp("resp_of_nobody");
  expect(await lookUp("msg_199")).toBe("openai-1");
  await writing;
  expect(await Promise.all(ids.map(lookUp))).toEqual(ids.map(() => "openai-1"));
});

test("an id stays with the account that was given it first", async () => {
  await rememberIds({ accountId: "usr_2", channel: "openai-2", ids: ["msg_0", "msg_new"] });
  expect(await channelOf({ accountId: "usr_1", id: "msg_0" })).toBe("openai-1");
  expect(await channelOf({ accountId: "usr_2", id: "msg_0" })).toBeNull();
  expect(await channelOf({ accountId: "usr_2", id: "msg_new" })).toBe("openai-2");
});

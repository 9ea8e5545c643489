import { expect, test } from "vitest";
import { accountPath, splitAccountPath } from "./account-path";

const TEAM = "acc_0123456789abcdefghijAB";

test.each([
  ["/dashboard", `/dashboard/${TEAM}`],
  ["/dashboard/usage/req_1?range=7#x", `/dashboard/${TEAM}/usage/req_1?range=7#x`],
  ["/dashboard?days=7", `/dashboard/${TEAM}?days=7`],
  ["/dashboard#top", `/dashboard/${TEAM}#top`],
  ["/dashboards", "/dashboards"],
  ["/docs/dashboard", "/docs/dashboard"],
  ["https://stripe.example/dashboard", "https://stripe.example/dashboard"],
  [`/dashboard/${TEAM}/usage?x=1`, `/dashboard/${TEAM}/usage?x=1`],
])("%s in a team is %s", (path, expected) => {
  expect(accountPath(TEAM, path)).toBe(expected);
  expect(accountPath(null, path)).toBe(path);
});

test.each([
  [`/dashboard/${TEAM}`, { teamId: TEAM, path: "/dashboard" }],
  [`/dashboard/${TEAM}/`, { teamId: TEAM, path: "/dashboard/" }],
  [`/dashboard/${TEAM}/credits/export`, { teamId: TEAM, path: "/dashboard/credits/export" }],
  ["/dashboard/usage", null],
  ["/dashboard/usr_0123456789abcdefghijAB", null],
  [`/dashboard/${TEAM}x`, null],
  [`/docs/${TEAM}`, null],
  [`/x/dashboard/${TEAM}`, null],
])("%s names %j", (pathname, expected) => {
  expect(splitAccountPath(pathname)).toEqual(expected);
});

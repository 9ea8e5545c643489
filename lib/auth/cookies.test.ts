import { NextRequest } from "next/server";
import { expect, test } from "vitest";
import { cookiesOfFlow, expirePassing, keepFlow } from "./cookies";

const CALLBACK = "http://127.0.0.1:3000/api/auth/callback/google";
const providerAt = (state: string) => `https://accounts.example/authorize?state=${state}`;
const cookiesFor = (state: string) => [
  `next-auth.state=state-${state}; Path=/; HttpOnly`,
  `next-auth.pkce.code_verifier=pkce-${state}; Path=/; HttpOnly`,
  `next-auth.callback-url=${encodeURIComponent(`/${state}`)}; Path=/; HttpOnly`,
];

/** A browser that keeps cookies in the order in which they were set. */
function createBrowser() {
  const jar = new Map<string, string>();
  return {
    names: () => [...jar.keys()],
    request: (url = CALLBACK) =>
      new NextRequest(url, {
        headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") },
      }),
    take(cookies: string[]) {
      for (const cookie of cookies) {
        const [name = "", value = ""] = (cookie.split(";")[0] ?? "").split("=");
        if (/Max-Age=0/.test(cookie)) jar.delete(name);
        else jar.set(name, value);
      }
    },
  };
}

test("two tabs each end their own sign-in, in either order", () => {
  const browser = createBrowser();
  for (const state of ["one", "two"])
    browser.take(
      keepFlow({
        request: browser.request(),
        cookies: cookiesFor(state),
        location: providerAt(state),
      }),
    );
  expect(cookiesOfFlow(browser.request(), "two")).toMatchObject({
    "next-auth.state": "state-two",
    "next-auth.pkce.code_verifier": "pkce-two",
  });
  // The older one ends first, and the newer one is still there.
  expect(cookiesOfFlow(browser.request(), "one")).toMatchObject({ "next-auth.state": "state-one" });
  browser.take(expirePassing(browser.request(`${CALLBACK}?state=one`)));
  expect(cookiesOfFlow(browser.request(), "one")).toEqual({});
  expect(cookiesOfFlow(browser.request(), "two")).toMatchObject({ "next-auth.state": "state-two" });
  browser.take(expirePassing(browser.request(`${CALLBACK}?state=two`)));
  expect(browser.names()).toEqual([]);
});

test("a state that this browser did not begin has no cookies", () => {
  const browser = createBrowser();
  browser.take(
    keepFlow({
      request: browser.request(),
      cookies: cookiesFor("one"),
      location: providerAt("one"),
    }),
  );
  for (const state of ["", "other", "one.", "../one"])
    expect(cookiesOfFlow(browser.request(), state)).toEqual({});
});

test("a browser keeps five sign-ins, and forgets the oldest first", () => {
  const browser = createBrowser();
  const states = ["a", "b", "c", "d", "e", "f", "g"];
  for (const state of states)
    browser.take(
      keepFlow({
        request: browser.request(),
        cookies: cookiesFor(state),
        location: providerAt(state),
      }),
    );
  const keptStates = states.filter(
    (state) => "next-auth.state" in cookiesOfFlow(browser.request(), state),
  );
  expect(keptStates).toEqual(["c", "d", "e", "f", "g"]);
  expect(browser.names()).toHaveLength(15);
});

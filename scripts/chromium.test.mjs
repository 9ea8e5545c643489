import { expect, test } from "vitest";
import { findChromium } from "./chromium.mjs";

const OWN = "/home/a/.cache/ms-playwright/chromium/chrome";

/** A machine with these files, on which a command that is run may bring another. */
function machine({ files = [], isRoot = false, brings = {} } = {}) {
  const [present, ran] = [new Set(files), []];
  const run = (command, args) => {
    const name =
      command === "apt-get"
        ? ["apt-get", args[0], ...args.slice(3)].join(" ").trim()
        : `playwright ${args.slice(1).join(" ")}`;
    ran.push(name);
    if (brings[name]) present.add(brings[name]);
    return brings[name] !== undefined;
  };
  const system = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  return {
    ran,
    given: { named: undefined, system, own: OWN, exists: (file) => present.has(file), isRoot, run },
  };
}

test("an installed Chromium is used: the named one, the system's, then Playwright's", async () => {
  const { given: host, ran } = machine({ files: ["/opt/mine", "/usr/bin/google-chrome", OWN] });
  expect(await findChromium({ ...host, named: "/opt/mine" })).toBe("/opt/mine");
  expect(await findChromium({ ...host, named: "/opt/gone" })).toBe("/usr/bin/google-chrome");
  expect(await findChromium(machine({ files: [OWN] }).given)).toBe(OWN);
  expect(ran).toEqual([]);
});

test("as root on Debian, apt installs the headless shell, or else the browser", async () => {
  const debian = { files: ["/usr/bin/apt-get"], isRoot: true };
  const shell = machine({
    ...debian,
    brings: { "apt-get install chromium-headless-shell": "/usr/bin/chromium" },
  });
  expect(await findChromium(shell.given)).toBe("/usr/bin/chromium");
  expect(shell.ran).toEqual(["apt-get update", "apt-get install chromium-headless-shell"]);
  const debianMachine = machine({
    ...debian,
    brings: { "apt-get install chromium": "/usr/bin/chromium" },
  });
  expect(await findChromium(debianMachine.given)).toBe("/usr/bin/chromium");
  expect(debianMachine.ran).toEqual([...shell.ran, "apt-get install chromium"]);
});

test("elsewhere, or where apt cannot, Playwright does", async () => {
  const brings = { "playwright install chromium": OWN };
  const user = machine({ files: ["/usr/bin/apt-get"], brings });
  expect(await findChromium(user.given)).toBe(OWN);
  expect(user.ran).toEqual(["playwright install chromium"]);
  const offline = machine({ files: ["/usr/bin/apt-get"], isRoot: true, brings });
  expect(await findChromium(offline.given)).toBe(OWN);
  expect(offline.ran).toEqual([
    "apt-get update",
    "apt-get install chromium-headless-shell",
    "apt-get install chromium",
    "playwright install chromium",
  ]);
});

test("where nothing can be had, it says so by null", async () => {
  expect(await findChromium(machine().given)).toBeNull();
});

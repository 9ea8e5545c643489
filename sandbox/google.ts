import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  OAuth2Issuer,
  OAuth2Service,
  type MutableRedirectUri,
  type MutableToken,
} from "oauth2-mock-server";
import type { IncomingMessage } from "node:http";
import { chosenPerson, consentPage, type TestPerson } from "./consent";
import { html, serve, type StandIn } from "./http";

const CLIENT_ID = "sandbox-google";

/** Stands in for Google's sign-in: OpenID Connect with a page to choose who to be, and a script in place of One Tap's. */
export async function startGoogle({
  port = 0,
  keyFile,
}: { port?: number; keyFile?: string } = {}): Promise<StandIn> {
  const issuer = new OAuth2Issuer();
  const service = new OAuth2Service(issuer);
  await loadKey(issuer, keyFile);
  const people = new Map<string, TestPerson>();
  /** Who used this browser last, as Google's own cookie would state. */
  let last: TestPerson = { email: "demo@onekey.local", verified: true };

  service.on("beforeAuthorizeRedirect", (redirect: MutableRedirectUri, req: IncomingMessage) => {
    const person = chosenPerson(queryOf(req));
    if (person === null) return;
    last = person;
    people.set(redirect.url.searchParams.get("code") ?? "", person);
  });
  service.on("beforeTokenSigning", (token: MutableToken, req: { body?: { code?: string } }) => {
    const person = people.get(req.body?.code ?? "");
    if (person) Object.assign(token.payload, claimsOf(person));
  });
  /** A signed ID token; `changes` makes it one that must be refused. */
  const credential = (person: TestPerson, changes: Record<string, unknown> = {}) =>
    issuer.buildToken({
      scopesOrTransform: (_header, payload) => {
        Object.assign(payload, { ...claimsOf(person), aud: CLIENT_ID, ...changes });
      },
    });

  const mock = await serve(async (req, res) => {
    const { pathname } = new URL(req.url ?? "/", "http://127.0.0.1");
    const query = queryOf(req);
    if (pathname === "/authorize" && chosenPerson(query) === null)
      return html(res, consentPage({ name: "Google", action: pathname, fields: query }));
    if (pathname === "/gsi/client") {
      res.writeHead(200, { "content-type": "text/javascript", "cache-control": "no-store" });
      return void res.end(oneTapScript({ email: last.email, credential: await credential(last) }));
    }
    if (pathname === "/credential") {
      const email = query.get("email") ?? last.email;
      const changes = JSON.parse(query.get("changes") ?? "{}") as Record<string, unknown>;
      return void res.end(await credential({ email, verified: true }, changes));
    }
    service.requestHandler(req, res);
  }, port);
  issuer.url = mock.url;
  return mock;
}

/** The signing key outlives the process: a server remembers the public keys for a while. */
async function loadKey(issuer: OAuth2Issuer, file: string | undefined): Promise<void> {
  if (file === undefined) return void (await issuer.keys.generate("RS256"));
  try {
    await issuer.keys.add(JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>);
  } catch {
    const key = await issuer.keys.generate("RS256");
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(key), { mode: 0o600 });
  }
}

function queryOf(req: IncomingMessage): URLSearchParams {
  return new URL(req.url ?? "/", "http://127.0.0.1").searchParams;
}

function claimsOf({ email, verified: isVerified }: TestPerson) {
  const sub = BigInt(
    `0x${createHash("sha256").update(email.toLowerCase()).digest("hex").slice(0, 16)}`,
  ).toString();
  return { sub, email, email_verified: isVerified, name: email.split("@")[0] };
}

/** Does what Google's script does with `#g_id_onload`: asks, sets both cookies, posts the credential to `data-login_uri`. */
function oneTapScript(person: { email: string; credential: string }): string {
  return `(() => {
  const person = ${JSON.stringify(person)};
  const settings = document.getElementById("g_id_onload").dataset;
  const csrf = crypto.randomUUID();
  document.cookie = "g_state={}; path=/; max-age=15552000";
  document.cookie = "g_csrf_token=" + csrf + "; path=/";
  const prompt = document.createElement("form");
  prompt.method = "post";
  prompt.action = settings.login_uri;
  prompt.setAttribute("aria-label", "Mock One Tap");
  Object.assign(prompt.style, { position: "fixed", top: "16px", right: "16px", padding: "16px", zIndex: 10,
    border: "1px solid", borderRadius: "8px", background: "Canvas", color: "CanvasText" });
  for (const [name, value] of Object.entries({ credential: person.credential, g_csrf_token: csrf, select_by: "user" })) {
    prompt.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  prompt.append(Object.assign(document.createElement("button"), { textContent: "Continue as " + person.email }));
  document.body.append(prompt);
})();`;
}

import { createHash, randomUUID } from "node:crypto";
import { chosenPerson, consentPage, type TestPerson } from "./consent";
import { html, json, readText, serve, type StandIn } from "./http";

/** Stands in for GitHub's OAuth: its consent page, its token endpoint, and the two parts of its API that sign-in reads. */
export async function startGithub(port = 0): Promise<StandIn> {
  const codes = new Map<string, TestPerson>();
  const tokens = new Map<string, TestPerson>();
  return serve(async (req, res) => {
    const url = new URL(req.url ?? "/", "http://127.0.0.1");
    if (url.pathname === "/login/oauth/authorize") {
      const person = chosenPerson(url.searchParams);
      if (person === null)
        return html(
          res,
          consentPage({ name: "GitHub", action: url.pathname, fields: url.searchParams }),
        );
      const code = randomUUID();
      codes.set(code, person);
      const back = new URL(url.searchParams.get("redirect_uri") ?? "about:blank");
      back.searchParams.set("code", code);
      back.searchParams.set("state", url.searchParams.get("state") ?? "");
      return void res.writeHead(302, { location: back.href }).end();
    }
    if (url.pathname === "/login/oauth/access_token" && req.method === "POST") {
      const code = new URLSearchParams(await readText(req)).get("code") ?? "";
      const person = codes.get(code);
      codes.delete(code);
      if (!person) return json(res, { error: "bad_verification_code" });
      const token = `gho_${randomUUID()}`;
      tokens.set(token, person);
      return json(res, {
        access_token: token,
        token_type: "bearer",
        scope: "read:user,user:email",
      });
    }
    const person = tokens.get(req.headers.authorization?.split(" ")[1] ?? "");
    if (!person) return json(res, { message: "Bad credentials" }, 401);
    if (url.pathname === "/user") {
      const login = person.email.split("@")[0];
      return json(res, {
        id: idOf(person.email),
        login,
        name: login,
        email: null,
        avatar_url: null,
      });
    }
    if (url.pathname === "/user/emails") {
      const otherEmail = { email: `other-${person.email}`, primary: false, verified: true };
      return json(res, [otherEmail, { ...person, primary: true }]);
    }
    return json(res, { message: "Not Found" }, 404);
  }, port);
}

/** The same person has the same id on every visit. */
function idOf(email: string): number {
  return createHash("sha256").update(email.toLowerCase()).digest().readUInt32BE();
}

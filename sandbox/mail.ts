import { randomUUID } from "node:crypto";
import { z } from "zod";
import { json, readText, serve, type StandIn } from "./http";

/** A mail to this domain is refused, so that what a customer then sees can be tried out. */
const REFUSED_DOMAIN = "@refused.onekey.local";
const KEPT_MAX = 500;

const Sent = z.object({
  from: z.string().min(1),
  to: z
    .union([z.string(), z.array(z.string()).length(1)])
    .transform((to) => (typeof to === "string" ? to : (to[0] ?? ""))),
  subject: z.string().min(1),
  text: z.string().default(""),
  html: z.string().nullable().default(null),
});

type TestMail = Omit<z.infer<typeof Sent>, "from"> & { id: string; at: string };

/** Stands in for Resend: takes `POST /emails` as it does, and keeps the mails for the mailbox page, the newest first. */
export async function startMail(port = 0): Promise<StandIn> {
  const mails: TestMail[] = [];
  return serve(async (req, res) => {
    if (req.method === "POST" && req.url === "/emails") {
      if (!req.headers.authorization?.startsWith("Bearer "))
        return json(
          res,
          { statusCode: 401, name: "missing_api_key", message: "Missing API Key" },
          401,
        );
      const message = Sent.safeParse(JSON.parse(await readText(req)));
      if (!message.success || message.data.to.endsWith(REFUSED_DOMAIN))
        return json(
          res,
          { statusCode: 422, name: "validation_error", message: "Invalid `to` field." },
          422,
        );
      const { to, subject, text, html } = message.data;
      const mail = { id: randomUUID(), at: new Date().toISOString(), to, subject, text, html };
      mails.unshift(mail);
      mails.splice(KEPT_MAX);
      return json(res, { id: mail.id });
    }
    if (req.url === "/messages" && req.method === "GET") return json(res, mails);
    if (req.url === "/messages" && req.method === "DELETE") {
      mails.length = 0;
      return json(res, {});
    }
    return json(res, { statusCode: 404, name: "not_found", message: "Not found" }, 404);
  }, port);
}

import { DashList } from "@/components/site/doc";
import { RequestPath } from "@/components/site/request-path";
import { Rows } from "@/components/site/rows";
import { RETENTION_DAYS } from "@/lib/usage/schema";
import { type DeploymentFacts } from "../facts";
import { recordFields } from "../record";
import { code } from "./text";

export function Path({ facts }: { facts: DeploymentFacts }) {
  return (
    <>
      <p>
        OneKey is a pass-through that keeps no state of a conversation. At no point is the content
        of your request or response written to disk, database or log file.
      </p>
      <RequestPath />
      <p>
        A missing, malformed, revoked or regenerated key is refused before any provider is
        contacted. A server may remember which account a key belonged to, and that authorises
        nothing: the write that holds the credits requires that the key is the project’s current
        one, so a revoked key stops immediately, on every server.
      </p>
      <p>
        The body is read in memory for the fields that route and price it, such as the model and the
        token limit, and forwarded as the bytes that came. A request that cannot be priced is
        refused, never repaired.
        {facts.includesUsage
          ? " The operator of this server has chosen one exception, unless a project switches it off: where"
          : " There is one exception, which a project switches on, or a request by its header: where"}{" "}
        a chat stream does not ask for its usage, that one field is added, and the extra chunk is
        removed.
      </p>
      <p>
        Of your headers, only those that a provider needs go on; cookies, addresses and your key
        stay here.
      </p>
    </>
  );
}

export function Row() {
  return (
    <>
      <p>
        Every request that is forwarded leaves one row. It exists for one reason, billing accuracy,
        and is kept for {RETENTION_DAYS} days. These are all of its fields:
      </p>
      <Rows
        caption="The record of a request"
        heads={["Field", "Example", "In the schema"]}
        rows={recordFields().map(({ name, example, field }) => [
          name,
          code(example),
          <code key={field} className="font-mono text-sm text-muted">
            {field}
          </code>,
        ])}
      />
      <p className="text-muted">
        If a stream ends without usage figures, tokens are estimated in memory, the row is marked{" "}
        {code("estimated")}, and the charge never exceeds what was held.
      </p>
    </>
  );
}

export function Never() {
  return (
    <>
      <DashList
        items={[
          "Prompt content: your messages, instructions and questions",
          "System prompts",
          "Responses of a model, complete or in part",
          "Function calls and tool definitions",
          "Images, files or any other binary content",
          "Request and response bodies in any form",
        ]}
      />
      <p>
        There is no setting that turns body logging on. A log line takes a request’s id, a status, a
        cost and other named fields; it has none for text, and an error is logged by its kind,
        because its message may quote a prompt.
      </p>
    </>
  );
}

export function Encryption({ facts }: { facts: DeploymentFacts }) {
  return (
    <>
      <Rows
        caption="Encryption of each hop"
        heads={["Hop", "How"]}
        rows={[
          ["Client to OneKey", facts.toClient],
          ["OneKey to provider", facts.toProvider],
          ["At rest", facts.database.atRest],
        ]}
      />
      <p>
        Pages run only scripts that have a nonce made for that one response, or that such a script
        loads; inline scripts have none and do not run. They cannot be framed
        {facts.encrypted ? ", and ask browsers for https for two years" : ""}.{" "}
        {facts.analytics
          ? "Inline styles are allowed only on public pages, where Cookiebot draws its dialogue with them."
          : "Inline styles are refused as well."}{" "}
        None of these headers is on an answer of the API.
      </p>
    </>
  );
}

export function Keys() {
  return (
    <DashList
      items={[
        "A key belongs to one project. You can have many projects.",
        "It is shown once, when it is made. It cannot be recovered.",
        "It is stored as an HMAC-SHA-256 digest and a preview.",
        "Revoking or regenerating stops the old key immediately. A request already in progress still ends.",
        "Every request is authenticated before it reaches a provider.",
        "A checksum is part of the key, so a mistyped one is refused without a look at the database.",
      ]}
    />
  );
}

import { Mail } from "lucide-react";
import { GithubMark, GoogleMark } from "@/app/(account)/sign-in/marks";
import { Badge } from "@/components/ui/badge";
import type { SignInMethod } from "@/lib/sessions/schema";
import { Panel } from "@/components/ui/panel";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { signInMethods } from "@/lib/auth/settings";
import { LinkedMethod, type User } from "@/lib/users/schema";
import { formatDay } from "@/lib/format";
import { UnlinkMethod } from "@/components/dashboard/unlink-method";
import { unlinkMethodAction } from "./actions";
import { linkProblems, type LinkSearch } from "./link-search";
import { methodNames } from "@/lib/users/method-names";

interface Props {
  user: User;
  /** The method that this browser's session began with. */
  current: SignInMethod | undefined;
  /** The settings page in the account of its URL, to which the browser comes back from a provider. */
  page: string;
  /** What became of a linking that ended here. */
  search: LinkSearch;
}

/** The ways in which a person signs in, and those that they can link. The last one cannot be unlinked. */
export function Methods({ user, current, page, search }: Props) {
  const { email, createdAt, methods = [] } = user;
  const available = signInMethods();
  const rows = [
    ...(available.email
      ? [{ name: methodNames.email, email, since: createdAt, method: null }]
      : []),
    ...methods.map((method) => ({
      name: methodNames[method.provider],
      email: method.email,
      since: method.linkedAt,
      method,
    })),
  ];
  const linkable = LinkedMethod.shape.provider.options.filter(
    (provider) => available[provider] && !methods.some((method) => method.provider === provider),
  );
  const isLastOne = rows.length === 1;
  return (
    <Panel
      bare
      title="Sign-in methods"
      footer={
        isLastOne
          ? "The last method cannot be unlinked. Link another one first. There is no password."
          : "One is enough; the last cannot be unlinked. There is no password. Signing in with Google or GitHub by this verified address links it too."
      }
    >
      <LinkResult search={search} methods={methods} />
      <Table caption="Sign-in methods of this account">
        <thead>
          <tr>
            <Th>Method</Th>
            <Th>Address</Th>
            <Th num wide>
              Linked
            </Th>
            <Th>
              <span className="sr-only">Actions</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.name} ${row.email}`}>
              <Td>
                <MethodName method={row.method?.provider ?? "email"} />
                {(row.method?.provider ?? "email") === current ? (
                  <Badge className="ml-2">this session</Badge>
                ) : null}
              </Td>
              <Td className="wrap-anywhere">
                {row.email}
                <Sub className="md:hidden">since {formatDay(row.since)}</Sub>
              </Td>
              <Td num wide className="whitespace-nowrap">
                {formatDay(row.since)}
              </Td>
              <Td num>
                {row.method === null || isLastOne ? null : (
                  <UnlinkMethod
                    action={unlinkMethodAction}
                    method={{
                      provider: row.method.provider,
                      subject: row.method.subject,
                      name: row.name,
                    }}
                    others={rows.filter((candidate) => candidate !== row).map(({ name }) => name)}
                  />
                )}
              </Td>
            </tr>
          ))}
          {linkable.map((provider) => (
            <tr key={provider}>
              <Td>
                <MethodName method={provider} />
              </Td>
              <Td muted>Not linked</Td>
              <Td num wide />
              <Td num>
                <form method="post" action={`/api/auth/link/${provider}`}>
                  <input type="hidden" name="next" value={page} />
                  <Button type="submit" size="sm">
                    Link<span className="sr-only"> {methodNames[provider]}</span>
                  </Button>
                </form>
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  );
}

function MethodName({ method }: { method: SignInMethod }) {
  return (
    <span className="inline-flex items-center gap-2.5 [&_svg]:size-4 [&_svg]:stroke-[1.75]">
      {method === "google" ? (
        <GoogleMark />
      ) : method === "github" ? (
        <GithubMark />
      ) : (
        <Mail aria-hidden="true" />
      )}
      {methodNames[method]}
    </span>
  );
}

/** What became of a linking; a success only where the method is there, whatever the address says. */
function LinkResult({
  search: { link_linked: linked, link_problem: problem },
  methods,
}: {
  search: LinkSearch;
  methods: LinkedMethod[];
}) {
  const method = methods.find(({ provider }) => provider === linked);
  if (problem === undefined && method === undefined) return null;
  return (
    <div className="p-4">
      {problem !== undefined ? (
        <Notice tone="danger">{linkProblems[problem]}</Notice>
      ) : method ? (
        <Notice>
          {methodNames[method.provider]} ({method.email}) is linked. You can sign in with it.
        </Notice>
      ) : null}
    </div>
  );
}

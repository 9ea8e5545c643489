import { Panel } from "@/components/ui/panel";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import type { Account } from "@/lib/accounts/schema";
import { formatDay } from "@/lib/format";
import type { SignInMethod } from "@/lib/sessions/schema";

export const methodNames = {
  email: "Email link",
  google: "Google",
  github: "GitHub",
} satisfies Record<SignInMethod, string>;

export function Methods({ account }: { account: Account }) {
  const { email, createdAt, methods = [] } = account;
  const rows = [
    { name: methodNames.email, email, since: createdAt },
    ...methods.map((method) => ({
      name: methodNames[method.provider],
      email: method.email,
      since: method.linkedAt,
    })),
  ];
  return (
    <Panel
      bare
      title="Sign-in methods"
      footer="When you sign in with Google or GitHub and their verified address is this account’s address, the method is linked here. There is no password."
    >
      <Table caption="Sign-in methods of this account">
        <thead>
          <tr>
            <Th>Method</Th>
            <Th>Address</Th>
            <Th num wide>
              Linked
            </Th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.name} ${row.email}`}>
              <Td>{row.name}</Td>
              <Td className="wrap-anywhere">
                {row.email}
                <Sub className="md:hidden">since {formatDay(row.since)}</Sub>
              </Td>
              <Td num wide>
                {formatDay(row.since)}
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  );
}

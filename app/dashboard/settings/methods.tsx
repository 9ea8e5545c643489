import { Panel } from "@/components/ui/panel";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import type { User } from "@/lib/users/schema";
import { formatDay } from "@/lib/format";
import { UnlinkMethod } from "@/components/dashboard/unlink-method";
import { unlinkMethodAction } from "./actions";
import { methodNames } from "./method-names";

/** The ways in which a person signs in. The last one cannot be unlinked. */
export function Methods({ user, hasLinks }: { user: User; hasLinks: boolean }) {
  const { email, createdAt, methods = [] } = user;
  const rows = [
    ...(hasLinks ? [{ name: methodNames.email, email, since: createdAt, method: null }] : []),
    ...methods.map((method) => ({
      name: methodNames[method.provider],
      email: method.email,
      since: method.linkedAt,
      method,
    })),
  ];
  return (
    <Panel
      bare
      title="Sign-in methods"
      footer="When you sign in with Google or GitHub and their verified address is this account’s address, the method is linked here. The last method cannot be unlinked. There is no password."
    >
      <Table caption="Sign-in methods of this account">
        <thead>
          <tr>
            <Th>Method</Th>
            <Th>Address</Th>
            <Th num wide>
              Linked
            </Th>
            <Th>
              <span className="sr-only">Unlink</span>
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
              <Td num>
                {row.method === null || rows.length === 1 ? null : (
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
        </tbody>
      </Table>
    </Panel>
  );
}

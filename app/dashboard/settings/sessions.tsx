import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { formatCount, formatDay } from "@/lib/format";
import { browserName } from "@/lib/sessions/browser-name";
import { SESSION_DAYS, type Session } from "@/lib/sessions/schema";
import { signOutElsewhere, signOutSession } from "./actions";
import { methodNames } from "@/lib/users/method-names";

/** The open sessions of the account, with buttons to end them. */
export function Sessions({ sessions, current }: { sessions: Session[]; current: string }) {
  return (
    <Panel
      bare
      title="Sessions"
      action={
        sessions.length > 1 ? (
          <form action={signOutElsewhere}>
            <Button type="submit" size="sm">
              Sign out everywhere else
            </Button>
          </form>
        ) : undefined
      }
      footer={
        <span>
          {sessions.length === 1
            ? "One browser is"
            : `${formatCount(sessions.length)} browsers are`}{" "}
          signed in. A session ends {SESSION_DAYS} days after signing in; signing out does not
          affect keys. Days are kept, not times or places.
        </span>
      }
    >
      <Table caption="Open sessions, newest first">
        <thead>
          <tr>
            <Th>Browser</Th>
            <Th wide>Signed in with</Th>
            <Th wide>First used</Th>
            <Th>Last used</Th>
            <Th>
              <span className="sr-only">Sign out</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {sessions.map(({ _id, userAgent, method, createdAt, lastUsedDay }) => (
            <tr key={_id}>
              <Td>
                <span title={userAgent}>{browserName(userAgent)}</span>
                {_id === current ? <Badge className="ml-2">this browser</Badge> : null}
                <Sub className="md:hidden">
                  {methodNames[method]}, {formatDay(createdAt)}
                </Sub>
              </Td>
              <Td wide>{methodNames[method]}</Td>
              <Td wide className="whitespace-nowrap tabular-nums">
                {formatDay(createdAt)}
              </Td>
              <Td className="whitespace-nowrap tabular-nums">
                {formatDay(lastUsedDay ? new Date(lastUsedDay) : createdAt)}
              </Td>
              <Td num className="py-[5px]!">
                <form action={signOutSession}>
                  <input type="hidden" name="sessionId" value={_id} />
                  <Button
                    type="submit"
                    size="sm"
                    variant="ghost"
                    aria-label={`Sign out ${browserName(userAgent)}`}
                  >
                    Sign out
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

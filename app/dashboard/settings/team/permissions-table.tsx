import { Section } from "@/components/dashboard/section";
import { Ring } from "@/components/ui/ring";
import { Table, Td, Th } from "@/components/ui/table";
import { PERMISSIONS, type Area } from "@/lib/teams/permissions";
import { Role } from "@/lib/teams/schema";
import { ROLE_NAMES } from "@/components/team/role-words";

const AREAS: Record<Area, string> = {
  projects: "Projects, keys and their limits",
  playground: "Playground",
  usage: "Usage and exports",
  credits: "Credits, receipts, top-up",
  limits: "Limits and alerts of the account",
  members: "Members and invitations",
  integrations: "Webhooks and management keys",
  auditLog: "Audit log",
  account: "Name and export of the account",
  ownership: "Ownership, deletion of the account",
};

const areas = Object.keys(AREAS) as Area[];

/** What each role may do: the table that pages and actions check. On phones, a list for each role. */
export function PermissionsTable() {
  return (
    <Section title="What each role can do">
      <div className="max-md:hidden">
        <Table edge="flush" caption="Permissions by role" className="[&_td]:whitespace-nowrap">
          <thead>
            <tr>
              <Th>Area</Th>
              {Role.options.map((name) => (
                <Th key={name}>{ROLE_NAMES[name]}</Th>
              ))}
            </tr>
          </thead>
          <tbody>
            {areas.map((area) => (
              <tr key={area}>
                <th
                  scope="row"
                  className="border-line! text-sm! font-normal! whitespace-normal! text-text!"
                >
                  {AREAS[area]}
                </th>
                {Role.options.map((name) => (
                  <Td key={name}>
                    <Reach reach={PERMISSIONS[area][name]} />
                  </Td>
                ))}
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
      <dl className="grid gap-3 text-sm md:hidden">
        {Role.options.map((name) => (
          <div key={name} className="border-t border-line pt-3">
            <dt className="font-medium">{ROLE_NAMES[name]}</dt>
            {(["manage", "view"] as const).map((reach) => {
              const reachedAreas = areas.filter((area) => PERMISSIONS[area][name] === reach);
              return reachedAreas.length === 0 ? null : (
                <dd key={reach} className="mt-1 grid grid-cols-[5.5rem_minmax(0,1fr)]">
                  <Reach reach={reach} />
                  <span className="text-muted">
                    {reachedAreas.map((area) => AREAS[area]).join("; ")}
                  </span>
                </dd>
              );
            })}
          </div>
        ))}
      </dl>
    </Section>
  );
}

function Reach({ reach }: { reach: "manage" | "view" | "none" }) {
  if (reach === "none")
    return (
      <span className="text-muted">
        <span
          aria-hidden="true"
          className="mr-2 ml-px inline-block w-[7px] border-t-[1.5px] border-line-control align-middle"
        />
        none
      </span>
    );
  return (
    <span>
      <Ring full={reach === "manage"} />
      {reach}
    </span>
  );
}

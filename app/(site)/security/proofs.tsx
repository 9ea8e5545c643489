import { sourceHref } from "@/app/source";
import { SourceLink } from "@/components/site/source-link";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { claims } from "./claims";
import { builtParts } from "./facts";

/** What a section claims, where it can be checked in the source, and the test that proves it. */
export function Proofs({ section }: { section: string }) {
  const sectionClaims = (claims[section] ?? []).filter(
    ({ part }) => part === undefined || builtParts[part],
  );
  return (
    <details className="text-base" id={`${section}-proofs`}>
      <summary className="w-fit text-muted hover:text-text">
        Where to check: {sectionClaims.length}{" "}
        {sectionClaims.length === 1 ? "claim and its test" : "claims and their tests"}
      </summary>
      <div className="mt-2">
        <Table edge="flush" caption={`Where the claims of “${section}” can be checked`}>
          <thead>
            <tr>
              <Th>Claim, as the test is named</Th>
              <Th>Source</Th>
            </tr>
          </thead>
          <tbody>
            {sectionClaims.map(({ name, files, test }) => (
              <tr key={name}>
                <Td>
                  {name}
                  <Sub>
                    <SourceLink file={test} href={sourceHref(test)} quiet />
                  </Sub>
                </Td>
                <Td className="w-2/5">
                  {files.map((file) => (
                    <span key={file} className="block">
                      <SourceLink file={file} href={sourceHref(file)} />
                    </span>
                  ))}
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
    </details>
  );
}

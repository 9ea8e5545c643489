"use client";

import { Archive, Download, FileJson, FileSpreadsheet } from "lucide-react";
import { Button, buttonStyle } from "@/components/ui/button";
import { DocumentLink } from "@/components/ui/link";
import { Menu, MenuLink, MenuSeparator } from "@/components/ui/menu";

interface Props {
  /** The addresses of the files, with the page's filters. */
  csvHref: string;
  jsonHref: string;
  /** "48 entries". */
  countText: string;
  /** The address of the complete log, where filters narrow the range. */
  completeHref: string | null;
}

/** One menu of the two files of the range; without scripts, two links. */
export function ExportMenu({ csvHref, jsonHref, countText, completeHref }: Props) {
  return (
    <>
      <Menu
        label="Export"
        className="w-70 max-w-(--available-width)"
        trigger={
          <Button className="noscript:hidden">
            <Download aria-hidden="true" />
            Export
          </Button>
        }
      >
        <MenuLink
          icon={<FileSpreadsheet aria-hidden="true" />}
          note={countText}
          link={<DocumentLink href={csvHref} download />}
        >
          CSV of this range
        </MenuLink>
        <MenuLink
          icon={<FileJson aria-hidden="true" />}
          note={`${countText}, with before and after`}
          link={<DocumentLink href={jsonHref} download />}
        >
          JSON of this range
        </MenuLink>
        {completeHref === null ? null : (
          <>
            <MenuSeparator />
            <MenuLink
              icon={<Archive aria-hidden="true" />}
              note="Entries of the last year, without the filters"
              link={<DocumentLink href={completeHref} download />}
            >
              Everything, as JSON
            </MenuLink>
          </>
        )}
      </Menu>
      <span className="hidden gap-2 noscript:flex">
        <DocumentLink href={csvHref} download className={buttonStyle()}>
          Export as CSV
        </DocumentLink>
        <DocumentLink href={jsonHref} download className={buttonStyle()}>
          Export as JSON
        </DocumentLink>
      </span>
    </>
  );
}

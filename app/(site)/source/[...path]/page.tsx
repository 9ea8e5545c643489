import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Highlighted } from "@/app/(site)/(reference)/docs/api/code";
import { shownFiles } from "@/app/source";
import { PageHead, SitePage } from "@/components/site/page";
import { codeFrame, codeHead } from "@/components/ui/code-block";
import { CopyButton } from "@/components/ui/copy-button";

type Props = PageProps<"/source/[...path]">;

/** The path of a file that may be shown, or null. Only what a page names is; nothing of an address reaches the disk. */
async function fileOf(params: Props["params"]): Promise<string | null> {
  const filePath = (await params).path.map(decodeURIComponent).join("/");
  return shownFiles.has(filePath) ? filePath : null;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const file = await fileOf(params);
  return file === null ? {} : { title: file, robots: { index: false } };
}

export default async function SourcePage({ params }: Props) {
  const file = await fileOf(params);
  if (file === null) notFound();
  const text = (await readFile(path.join(process.cwd(), file), "utf8")).trimEnd();
  return (
    <SitePage current="security">
      <div className="wrap pb-24">
        <PageHead title={path.basename(file)}>
          A file of the source of this server, read-only, as it is deployed.
        </PageHead>
        <div className={codeFrame}>
          <div className={codeHead}>
            <code className="font-mono text-sm wrap-anywhere">{file}</code>
            <CopyButton text={text} subject="file" />
          </div>
          <Highlighted text={text} language={/\.tsx?$/.test(file) ? "ts" : "text"} />
        </div>
      </div>
    </SitePage>
  );
}

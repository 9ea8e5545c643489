import type { Metadata } from "next";
import { notFound } from "next/navigation";

/**
 * Every unknown path below the dashboard. The response equals that of an operator page to other accounts, so that the
 * two cannot be distinguished.
 */
export default function Missing(): never {
  notFound();
}

export async function generateMetadata(): Promise<Metadata> {
  notFound();
}

import type { Metadata } from "next";
import { notFound } from "next/navigation";

/**
 * Whatever else is asked for below the dashboard. It is answered in the way in which the operator's pages are answered to
 * everyone else, so that nothing tells them apart.
 */
export default function Missing(): never {
  notFound();
}

export async function generateMetadata(): Promise<Metadata> {
  notFound();
}

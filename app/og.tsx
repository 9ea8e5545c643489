import { readFile } from "node:fs/promises";
import path from "node:path";
import { ImageResponse } from "next/og";
import { Mark } from "@/components/site/logo";

export const ogSize = { width: 1200, height: 630 };
export const ogType = "image/png";

interface PreviewCard {
  title: string;
  /** The part of the title in the accent color. */
  accent?: string;
  line: string;
}

/** Renders the preview image of a page at build time, with the fonts of the pages. */
export async function ogCard({ title, accent, line }: PreviewCard): Promise<ImageResponse> {
  const font = (name: string) =>
    readFile(path.join(process.cwd(), "node_modules/geist/dist/fonts/geist-sans", name));
  const [regular, strong] = await Promise.all([
    font("Geist-Regular.ttf"),
    font("Geist-SemiBold.ttf"),
  ]);
  return new ImageResponse(
    <div
      style={{
        width: "100%",
        height: "100%",
        display: "flex",
        flexDirection: "column",
        justifyContent: "space-between",
        padding: 80,
        background: "#ffffff",
        color: "#15242b",
        fontFamily: "Geist",
      }}
    >
      <div
        style={{ display: "flex", alignItems: "center", gap: 20, fontSize: 40, fontWeight: 600 }}
      >
        <div style={{ display: "flex", width: 56, height: 56 }}>
          <Mark className="" />
        </div>
        OneKey
      </div>
      <div
        style={{
          display: "flex",
          flexDirection: "column",
          fontSize: 76,
          fontWeight: 600,
          letterSpacing: -3,
        }}
      >
        <div style={{ display: "flex", lineHeight: 1.1 }}>{title}</div>
        {accent === undefined ? null : (
          <div style={{ display: "flex", lineHeight: 1.1, color: "#0b5c6b" }}>{accent}</div>
        )}
      </div>
      <div style={{ display: "flex", fontSize: 32, color: "#55656d" }}>{line}</div>
    </div>,
    {
      ...ogSize,
      fonts: [
        { name: "Geist", data: regular, weight: 400 },
        { name: "Geist", data: strong, weight: 600 },
      ],
    },
  );
}

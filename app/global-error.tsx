"use client";

import { Failure } from "@/components/site/failure";
import "./globals.css";

export default function GlobalError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <html lang="en">
      <body>
        <title>Something failed · OneKey</title>
        <Failure reference={error.digest} retry={reset} />
      </body>
    </html>
  );
}

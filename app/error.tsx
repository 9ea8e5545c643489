"use client";

import { Failure } from "@/components/site/failure";

export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return <Failure reference={error.digest} retry={reset} />;
}

"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** After the card setup page: fetches the card once, then removes the session id from the URL. */
export function CardReturn({
  session,
  follow,
}: {
  session: string;
  follow: (session: string) => Promise<boolean>;
}) {
  const router = useRouter();
  useEffect(() => {
    let isUnmounted = false;
    void follow(session).then(() => {
      if (!isUnmounted) router.replace("/dashboard/credits#top-up", { scroll: false });
    });
    return () => {
      isUnmounted = true;
    };
  }, [session, follow, router]);
  return null;
}

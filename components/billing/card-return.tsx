"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { useDashboardPath } from "@/components/ui/account-context";

/** After the card setup page: fetches the card once, then removes the session id from the URL. */
export function CardReturn({
  session,
  follow,
}: {
  session: string;
  follow: (session: string) => Promise<boolean>;
}) {
  const router = useRouter();
  const path = useDashboardPath()("/dashboard/credits#top-up");
  useEffect(() => {
    let isUnmounted = false;
    void follow(session).then(() => {
      if (!isUnmounted) router.replace(path, { scroll: false });
    });
    return () => {
      isUnmounted = true;
    };
  }, [session, follow, router, path]);
  return null;
}

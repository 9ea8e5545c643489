"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** After the page that saves a card: fetches the card once, then takes the mark of it out of the address. */
export function CardReturn({
  session,
  follow,
}: {
  session: string;
  follow: (session: string) => Promise<boolean>;
}) {
  const router = useRouter();
  useEffect(() => {
    let gone = false;
    void follow(session).then(() => {
      if (!gone) router.replace("/dashboard/credits#top-up", { scroll: false });
    });
    return () => {
      gone = true;
    };
  }, [session, follow, router]);
  return null;
}

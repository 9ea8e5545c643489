"use client";

import { useEffect } from "react";

/** Until Cookiebot's script has run, the name stands for its own element, which has neither. */
interface Cookiebot {
  consent?: { statistics: boolean };
  renew?: () => void;
}

declare global {
  interface Window {
    Cookiebot?: Cookiebot;
    dataLayer?: unknown[];
  }
}

interface Props {
  cookiebotId: string;
  gtmId: string;
}

const GTM = "google-tag-manager";

/** Asks for consent through Cookiebot, and loads Google Tag Manager only while statistics are accepted. */
export function Consent({ cookiebotId, gtmId }: Props) {
  useEffect(() => {
    const decide = () => {
      if (window.Cookiebot?.consent?.statistics) {
        loadTagManager(gtmId);
        return;
      }
      removeGoogleCookies();
      // A script that ran cannot be taken back: the page starts again without it.
      if (document.getElementById(GTM)) location.reload();
    };
    window.addEventListener("CookiebotOnAccept", decide);
    window.addEventListener("CookiebotOnDecline", decide);
    load({
      id: "Cookiebot",
      src: `https://consent.cookiebot.com/uc.js?cbid=${encodeURIComponent(cookiebotId)}`,
    });
    return () => {
      window.removeEventListener("CookiebotOnAccept", decide);
      window.removeEventListener("CookiebotOnDecline", decide);
    };
  }, [cookiebotId, gtmId]);
  return null;
}

function loadTagManager(id: string): void {
  if (document.getElementById(GTM)) return;
  const data = (window.dataLayer ??= []);
  const deniedConsent = {
    ad_storage: "denied",
    ad_user_data: "denied",
    ad_personalization: "denied",
  };
  // Statistics were accepted; advertising is nothing that we ask for.
  data.push(command("consent", "default", { ...deniedConsent, analytics_storage: "granted" }));
  data.push({ "gtm.start": Date.now(), event: "gtm.js" });
  load({ id: GTM, src: `https://www.googletagmanager.com/gtm.js?id=${encodeURIComponent(id)}` });
}

function command(..._words: unknown[]): IArguments {
  // oxlint-disable-next-line prefer-rest-params -- Google takes a command only as an `arguments` object
  return arguments;
}

function load({ id, src }: { id: string; src: string }): void {
  if (document.getElementById(id)) return;
  document.head.append(Object.assign(document.createElement("script"), { id, src, async: true }));
}

function removeGoogleCookies(): void {
  const names = document.cookie.split("; ").map((pair) => pair.split("=")[0] ?? "");
  const labels = location.hostname.split(".");
  const domains = ["", ...labels.map((_, index) => `; domain=${labels.slice(index).join(".")}`)];
  for (const name of names.filter((name) => /^_g(a|id|at|cl)/.test(name)))
    for (const domain of domains) document.cookie = `${name}=; max-age=0; path=/${domain}`;
}

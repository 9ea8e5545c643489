"use client";

import { useState } from "react";

interface Props {
  clientId: string;
  /** The URL to which Google's script posts the token of the signed-in user. */
  loginUri: string;
  scriptUrl: string;
}

/** Loads Google's script on click, so that the page sends no request to Google before. */
export function OneTap({ clientId, loginUri, scriptUrl }: Props) {
  const [state, setState] = useState<"off" | "on" | "failed">("off");
  const start = () => {
    setState("on");
    const settings = document.createElement("div");
    settings.id = "g_id_onload";
    Object.assign(settings.dataset, {
      client_id: clientId,
      login_uri: loginUri,
      context: "signin",
      auto_select: "false",
      use_fedcm_for_prompt: "true",
    });
    const script = Object.assign(document.createElement("script"), { src: scriptUrl, async: true });
    script.addEventListener("error", () => setState("failed"));
    document.body.append(settings, script);
  };
  return (
    <p className="text-sm text-muted" role="status">
      {state === "off" ? (
        <>
          Already signed in to Google?{" "}
          <button type="button" onClick={start} className="link">
            Use One Tap
          </button>
          , which loads a script from Google.
        </>
      ) : state === "on" ? (
        "Google shows a prompt in the corner of this window. If it does not, continue with Google above."
      ) : (
        "Google’s script could not be loaded. Continue with Google above works without it."
      )}
    </p>
  );
}

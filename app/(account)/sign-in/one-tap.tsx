"use client";

import { useState } from "react";

interface Props {
  clientId: string;
  /** Where Google's script posts the token of whoever is signed in there. */
  loginUri: string;
  scriptUrl: string;
}

/** Google's script is loaded by this click and not before: until then this page asks Google nothing. */
export function OneTap({ clientId, loginUri, scriptUrl }: Props) {
  const [state, setState] = useState<"off" | "on" | "failed">("off");
  const start = () => {
    setState("on");
    const settings = document.createElement("div");
    settings.id = "g_id_onload";
    Object.assign(settings.dataset, {
      ...{
        client_id: clientId,
        login_uri: loginUri,
        context: "signin",
        auto_select: "false",
        use_fedcm_for_prompt: "true",
      },
    });
    const script = Object.assign(document.createElement("script"), { src: scriptUrl, async: true });
    script.addEventListener("error", () => setState("failed"));
    document.body.append(settings, script);
  };
  return (
    <p className="text-sm text-muted" role="status">
      {state === "off" ? (
        <>
          Signed in at Google already?{" "}
          <button type="button" onClick={start} className="link">
            Use One Tap
          </button>
          , which loads Google’s script.
        </>
      ) : state === "on" ? (
        "Google asks in the corner of this window. If it does not, continue with Google above."
      ) : (
        "Google’s script could not be loaded. Continue with Google above works without it."
      )}
    </p>
  );
}

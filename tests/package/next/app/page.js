import { OffhookError } from "offhook";
import Phone from "./phone.js";
import Status from "./status.js";

// Rendered for each request: the package is imported by the server that runs, and not only by the one that builds.
export const dynamic = "force-dynamic";

export default function Page() {
  return (
    <main>
      <p>{`${OffhookError.prototype.name} on the ${typeof window === "undefined" ? "server" : "browser"}`}</p>
      <Phone />
      <Status />
    </main>
  );
}

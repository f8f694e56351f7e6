import { OffhookProvider } from "offhook/react";

export const metadata = { title: "Served by Next" };

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        <OffhookProvider>{children}</OffhookProvider>
      </body>
    </html>
  );
}

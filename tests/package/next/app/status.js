"use client";

import { useOffhook, useOffhookStore } from "offhook/react";
import { useEffect } from "react";

/** Signs in through the layout's provider, and shows how that stands. */
export default function Status() {
  const status = useOffhook((phone) => phone.status);
  const { connect } = useOffhookStore();
  useEffect(() => {
    connect({ url: new URLSearchParams(location.search).get("gateway"), login: "1001", password: "1234" });
  }, [connect]);
  return <p id="status">{status}</p>;
}

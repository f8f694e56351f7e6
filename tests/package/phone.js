// The least that a person needs of a telephone: a button that calls the echo, and hangs up again. `connect` is
// Offhook's, from wherever the page has it.

export function phone(connect) {
  const button = document.querySelector("button");
  const state = document.querySelector("output");
  const url = new URLSearchParams(location.search).get("gateway");

  button.onclick = async () => {
    button.disabled = true;
    try {
      const client = await connect({ url, login: "1000", password: "1234" });
      const call = client.newCall({ destinationNumber: "9196" });
      call.on("state", (change) => { state.textContent = change.state; });
      call.on("ended", () => client.close());
      button.textContent = "Hang up";
      button.onclick = () => call.hangup();
      button.disabled = false;
    } catch (error) {
      state.textContent = `${error.code} ${error.message}`;
    }
  };
  button.disabled = false;
}

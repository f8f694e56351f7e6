// Takes Opus packets out of an Ogg file (RFC 3533, RFC 7845).

/** @param {Buffer} ogg */
export function packetsOf(ogg) {
  const packets = [];
  let packet = [];
  for (let page = 0; page < ogg.length; ) {
    if (ogg.toString("latin1", page, page + 4) !== "OggS") throw new Error(`no page at ${page}`);
    const segments = ogg.readUInt8(page + 26);
    let body = page + 27 + segments;
    for (let segment = 0; segment < segments; segment += 1) {
      const length = ogg.readUInt8(page + 27 + segment);
      packet.push(ogg.subarray(body, body + length));
      body += length;
      // A segment of 255 bytes says that the packet goes on.
      if (length < 255) {
        packets.push(Buffer.concat(packet));
        packet = [];
      }
    }
    page = body;
  }
  // The first two are headers.
  return packets.slice(2);
}

/**
 * What is told of a failure, with words where the core only says which. The gateway's are its own, whatever characters it
 * has in them; a lone one is the core's, who says it for it.
 *
 * @param {{ message: string, [field: string]: any }} fields
 * @param {(text: string) => string} spell
 */
export function wording({ message, ...fields }, spell) {
  const said = fields["serverMessage"];
  if (said?.length === 1) fields["serverMessage"] = spell(said);
  return { ...fields, message: message.split(said).map((text) => spell(text)).join(fields["serverMessage"]) };
}

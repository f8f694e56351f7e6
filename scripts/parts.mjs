// What a WebAssembly module is made of: the bytes of each function, and whose they are, by its name and code sections.

const SECTION = { custom: 0, import: 2, code: 10, data: 11 };
const FUNCTION_NAMES = 1;

/** "\0asm" and the version. */
const HEADER = 8;

/** Kinds of what is imported, and how the description of each is skipped. */
const SKIP_IMPORT = [
  (reader) => reader.number(),
  (reader) => { reader.byte(); skipLimits(reader); },
  skipLimits,
  (reader) => { reader.byte(); reader.byte(); },
];

/** Functions that the compiler puts in, whoever called for them. */
const BUILTINS = new Set(["memcpy", "memmove", "memset", "memcmp"]);

/**
 * The functions of a module with their sizes in bytes, and the sizes of its data and of all the rest. Names belong to
 * none of them: what is shipped has no names.
 */
export function dissect(bytes) {
  let [data, rest] = [0, HEADER];
  let [sizes, names, imported] = [[], new Map(), 0];
  for (const section of sections(bytes)) {
    const reader = read(bytes, section.body);
    if (section.id === SECTION.custom && reader.text() === "name") {
      names = functionNames(bytes, reader.position(), section.end);
      continue;
    }
    const size = section.end - section.start;
    if (section.id === SECTION.import) imported = importedFunctions(read(bytes, section.body));
    if (section.id === SECTION.code) sizes = functionSizes(bytes, section);
    if (section.id === SECTION.data) data = size;
    else rest += size;
  }
  const functions = sizes.map((size, index) => ({ name: names.get(imported + index) ?? "?", size }));
  // The code section counts as its functions.
  return { functions, data, rest: rest - sizes.reduce((total, size) => total + size, 0) };
}

/**
 * Whose a function is, by its demangled name: the crate, and the group in it, which is the crate's module. An `impl`
 * belongs to its type; if that is nobody's (`u8`, `&str`), to the trait.
 */
export function owner(name) {
  if (BUILTINS.has(name)) return { crate: "compiler_builtins", group: "compiler_builtins" };
  // Crates' disambiguators and the digits that tell two of one name apart.
  const plain = name.replace(/\[[0-9a-f]+\]/g, "").replace(/::h[0-9a-f]{16}$/, "");
  const path = plain.startsWith("<") ? implementor(plain) : plain.match(PATH)?.[0];
  if (path === undefined) return { crate: "bindings", group: "bindings" };
  const [crate, module] = path.split("::");
  return { crate, group: module && /^[a-z]/.test(module) ? `${crate}::${module}` : crate };
}

const PATH = /[a-z_]\w*(?:::\w+)+/;

/** Of `<Type as Trait>::function` or `<Type>::function`: the path of the type, or else of the trait. */
function implementor(name) {
  let depth = 0;
  let end = name.length;
  for (const { index, 0: sign } of name.matchAll(/->|[<>]/g)) {
    if (sign === "->") continue;
    depth += sign === "<" ? 1 : -1;
    if (depth === 0) {
      end = index;
      break;
    }
  }
  return name.slice(1, end).match(PATH)?.[0];
}

function* sections(bytes) {
  const reader = read(bytes, HEADER);
  while (reader.position() < bytes.length) {
    const start = reader.position();
    const id = reader.byte();
    const size = reader.number();
    const body = reader.position();
    yield { id, start, body, end: body + size };
    reader.skip(size);
  }
}

function importedFunctions(reader) {
  let functions = 0;
  for (let left = reader.number(); left > 0; left -= 1) {
    reader.text();
    reader.text();
    const kind = reader.byte();
    if (!SKIP_IMPORT[kind]) throw new TypeError(`an import of the unknown kind ${kind}`);
    SKIP_IMPORT[kind](reader);
    if (kind === 0) functions += 1;
  }
  return functions;
}

function skipLimits(reader) {
  const hasMaximum = reader.byte() & 1;
  reader.number();
  if (hasMaximum) reader.number();
}

function functionSizes(bytes, { body }) {
  const reader = read(bytes, body);
  return Array.from({ length: reader.number() }, () => {
    const start = reader.position();
    reader.skip(reader.number());
    return reader.position() - start;
  });
}

function functionNames(bytes, start, end) {
  const reader = read(bytes, start);
  while (reader.position() < end) {
    const id = reader.byte();
    const size = reader.number();
    if (id !== FUNCTION_NAMES) reader.skip(size);
    else return new Map(Array.from({ length: reader.number() }, () => [reader.number(), reader.text()]));
  }
  return new Map();
}

function read(bytes, from) {
  let at = from;
  const byte = () => {
    if (at >= bytes.length) throw new RangeError("the module ends too early");
    at += 1;
    return bytes[at - 1];
  };
  /** LEB128, unsigned. */
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const piece = byte();
      value += (piece & 0x7f) * 2 ** shift;
      if (piece < 0x80) return value;
    }
  };
  const skip = (count) => { at += count; };
  const text = () => {
    const length = number();
    skip(length);
    return Buffer.from(bytes.subarray(at - length, at)).toString();
  };
  return { byte, number, skip, text, position: () => at };
}
